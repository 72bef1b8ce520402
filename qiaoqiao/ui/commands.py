"""`qiaoqiao messages`: the translations of every room."""

import typer

from qiaoqiao.ui.translations import compile_messages, untranslated

commands = typer.Typer()


@commands.command("messages")
def messages() -> None:
    """Compile the translations; list the messages that have none and fail if there are any."""
    typer.echo(f"{compile_messages()} files compiled.")
    missing = untranslated()
    for file, texts in missing.items():
        for text in texts:
            typer.echo(f"{file}: {text}")
    if missing:
        raise typer.Exit(1)
