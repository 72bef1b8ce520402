"""What the tokens of importing are called for people: our columns, faults with what to do, refusals, reasons."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from qiaoqiao.parties.importing.reading import RollRefused

Wording = Mapping[str, Any]

COLUMNS: Wording = {
    "name": _("姓名（汉字、拼音都可以）"),
    "name_latin": _("拼音或外文姓名"),
    "surname": _("姓"),
    "given": _("名"),
    "former": _("曾用名"),
    "alias": _("别名"),
    "sex": _("性别"),
    "birth_date": _("出生日期"),
    "birth_calendar": _("公历还是农历"),
    "nationality": _("国籍"),
    "id_number": _("证件号码"),
    "cnid": _("身份证号码"),
    "passport": _("护照号码"),
    "id_type": _("证件种类"),
    "phone": _("电话"),
    "email": _("电子邮件"),
    "native_place": _("祖籍"),
    "address": _("现住址"),
    "register_address": _("户籍地址"),
    "country": _("居住国"),
    "household_no": _("户号"),
    "relation": _("与户主的关系"),
    "father": _("父亲姓名"),
    "mother": _("母亲姓名"),
    "spouse": _("配偶姓名"),
    "standing": _("侨的身份"),
    "origin": _("原侨居国"),
    "return_year": _("归国年份"),
    "languages": _("语言、方言"),
    "need": _("需要"),
    "place": _("社区或村"),
    "record_date": _("登记日期"),
    "theirs": _("对方名册的编号"),
}
ORDERS: Wording = {
    "": _("不确定：分不清的日期不导入"),
    "dmy": _("日/月/年（02/03/1954 是 3 月 2 日）"),
    "mdy": _("月/日/年（02/03/1954 是 2 月 3 日）"),
}
LEVELS: Wording = {"error": _("错误，不导入"), "warning": _("提醒，照样导入"), "note": _("说明")}
STATES: Wording = {
    "looked": _("已试看，未导入"),
    "doing": _("导入了一部分"),
    "done": _("已导入"),
    "undoing": _("撤回了一部分"),
    "undone": _("已撤回"),
}
FAULTS: Wording = {
    "missing_name": _("没有姓名"),
    "too_long": _("内容太长"),
    "formula": _("单元格里是公式"),
    "extra_cells": _("这一行比表头多出内容"),
    "ambiguous_date": _("分不清日和月，或者年份只有两位"),
    "file_frozen": _("同一个人的档案已冻结"),
    "bad_date": _("日期读不懂，或者没有这一天"),
    "date_to_come": _("日期还没有到"),
    "unknown_sex": _("性别读不懂"),
    "rounded_number": _("号码的后几位已被表格软件抹掉"),
    "masked_number": _("号码被遮住了一部分"),
    "bad_number": _("证件号码的格式不对"),
    "wrong_check_digit": _("身份证号码的校验位不对"),
    "second_number": _("同一行有两个证件号码"),
    "bad_phone": _("电话号码不对"),
    "bad_email": _("电子邮件地址不对"),
    "unknown_country": _("不认识这个国家或地区"),
    "unknown_standing": _("侨的身份读不懂"),
    "unknown_need": _("需要写的是什么，读不懂"),
    "needs_consent": _("健康和经济困难属于敏感信息"),
    "changed_line": _("以前导入过这个编号，现在内容不同"),
    "duplicate_line": _("和前面一行完全一样"),
    "number_elsewhere": _("别的档案里也有这个号码"),
    "known_line": _("以前导入过，内容没有变"),
    "joins_file": _("号码和姓名与已有的一份档案相同"),
    "joins_row": _("号码和姓名与前面一行相同"),
}
TODO: Wording = {
    "missing_name": _("补上汉字姓名或拼音姓名，再上传。"),
    "too_long": _("缩短后再上传。原文没有被截断。"),
    "formula": _("在表格软件里把公式换成数值，再上传。"),
    "extra_cells": _("检查这一行有没有错位。"),
    "ambiguous_date": _("在“栏目对应”里选日期的写法，或者把年份写成四位。"),
    "file_frozen": _("本人要求冻结档案，解除以前不能添加。"),
    "bad_date": _("档案里先不写这个日期。核对后在档案里补上。"),
    "date_to_come": _("档案里先不写这个日期。核对后在档案里补上。"),
    "unknown_sex": _("写“男”或“女”。"),
    "rounded_number": _("把这一栏设成文本格式，重新填写。这次不保存号码。"),
    "masked_number": _("照原样保存，但不用它认人。"),
    "bad_number": _("照原样保存，但不用它认人。请核对。"),
    "wrong_check_digit": _("可能抄错了一位。照原样导入，请核对。"),
    "second_number": _("只用了第一个。另一个请在档案里补上。"),
    "bad_phone": _("没有导入这个电话。请核对。"),
    "bad_email": _("没有导入这个地址。请核对。"),
    "unknown_country": _("写国家的全名，或两个字母的代码。这一项没有导入。"),
    "unknown_standing": _("写归侨、侨眷、华侨或外籍华人。这一项没有导入。"),
    "unknown_need": _("这一项没有导入。走访时可以在档案里写。"),
    "needs_consent": _("没有导入。取得本人单独同意后，在档案里写。"),
    "changed_line": _("没有导入这一行。请打开那份档案，核对后更改。"),
    "duplicate_line": _("没有再导入一次。"),
    "number_elsewhere": _("姓名不同，所以另建一份档案，由人来判断是不是同一个人。"),
    "known_line": _("没有再导入一次。"),
    "joins_file": _("这一行并到那份档案，只加新的内容。"),
    "joins_row": _("两行并到同一份档案。"),
}
REFUSALS: Wording = {
    "empty": _("文件是空的。请检查是不是选错了文件。"),
    "too_large": _("文件超过 %(most)s MB。请分成几个文件上传。"),
    "old_workbook": _("这是旧版或加了密码的 Excel 文件。请另存为 .xlsx，不设密码，再上传。"),
    "macros": _("文件里带有宏，不能接收。请另存为 .xlsx，再上传。"),
    "bomb": _("文件解开后大得不正常，不能接收。请另存为 .csv，再上传。"),
    "damaged": _("文件打不开，可能已损坏。请重新导出，再上传。"),
    "not_a_roll": _("只接收 .xlsx 和 .csv 文件。"),
    "encoding": _("看不出文件用的是哪种文字编码。请另存为 UTF-8 的 .csv，再上传。"),
    "no_header": _("找不到表头。第一行要写栏目的名称，例如“姓名”“出生日期”。"),
    "no_rows": _("表头下面没有内容。"),
    "too_many_rows": _("超过 %(most)s 行。请分成几个文件上传。"),
    "too_many_columns": _("超过 %(most)s 栏。请删掉用不到的栏目，再上传。"),
}
MAPPING_FAULTS: Wording = {
    "unknown": _("没有这个栏目，请重新选择。"),
    "twice": _("这个栏目已经选过了，只能对应一次。"),
    "no_name": _("至少要有一栏对应姓名。"),
}
KEPT: Wording = {
    "frozen": _("档案已冻结"),
    "merged": _("已和另一份档案合并"),
    "erased": _("档案已删除"),
    "case": _("已和一件事连在一起"),
    "file.learned": _("后来又添了内容"),
    "file.ended": _("后来又改了内容"),
    "file.imported": _("另一次导入也用到这份档案"),
}
KEPT_OTHERWISE = _("后来有人处理过这份档案")


def refusal_words(why: RollRefused) -> str:
    """Why a file cannot be taken, and what to do."""
    return str(REFUSALS[why.code]) % why.data if why.data else str(REFUSALS[why.code])


def kept_words(why: str) -> str:
    """Why a file stays when its import is taken back."""
    return str(KEPT.get(why) or KEPT.get(why.partition(":")[0]) or KEPT_OTHERWISE)


def fault_words(fault: str) -> str:
    """What is wrong, in a few words."""
    return str(FAULTS.get(fault, fault))


def todo_words(fault: str) -> str:
    """What follows from it, and what somebody can do."""
    return str(TODO.get(fault, ""))
