"""One person, one file (一归侨侨眷一档案): what is known of somebody, each fact with its dates and its proof."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from qiaoqiao.access.models import Account, Office, Place
from qiaoqiao.lib.ids import row_id


class Row(models.Model):
    """Ids that strangers may come across tell nothing and cannot be guessed."""

    id = models.UUIDField(primary_key=True, default=row_id, editable=False)

    class Meta:
        abstract = True


class Household(Row):
    """People who keep house together, as an office's register numbers them."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    number = models.CharField(max_length=40, blank=True, help_text="As the register writes it")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["office", "number"])]


class File(Row):
    """A person's file. Personal data throughout; retention class `file`.

    The columns here say who it is; `name`, `standing`, `country` and `words` are an index over the dated
    facts below, rewritten by each action. An erased file keeps its number and nothing of the person.
    """

    number = models.CharField(max_length=16, unique=True, help_text="Read aloud: QF26-7K3M-9PA")
    office = models.ForeignKey(Office, models.PROTECT, related_name="files", help_text="Keeps the file")
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+", help_text="Community")
    state = models.CharField(max_length=8, default="active", help_text="active, frozen, merged, erased")
    name = models.CharField(max_length=100, blank=True)
    latin_name = models.CharField(max_length=120, blank=True)
    sex = models.CharField(max_length=1, blank=True, help_text="m, f")
    born = models.CharField(max_length=10, blank=True, help_text="YYYY, YYYY-MM or YYYY-MM-DD, solar")
    died_on = models.DateField(null=True, blank=True)
    standing = models.CharField(max_length=24, blank=True, help_text="The present one of `Standing`")
    origin = models.CharField(
        max_length=2, blank=True, help_text="Country returned from, or of kin, ISO 3166-1"
    )
    return_year = models.PositiveSmallIntegerField(null=True, blank=True)
    country = models.CharField(max_length=2, blank=True, help_text="Where they live, ISO 3166-1")
    languages = models.JSONField(default=list, help_text="Languages and dialects spoken, tokens")
    household = models.ForeignKey(Household, models.SET_NULL, null=True, related_name="files")
    made_at = models.DateTimeField()
    checked_on = models.DateField(null=True, help_text="When somebody last confirmed the file")
    review_on = models.DateField(null=True, help_text="To be looked at again by")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="absorbed")
    words = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="file_merged_names_where_to",
                condition=Q(state="merged", merged_into__isnull=False)
                | ~Q(state="merged") & Q(merged_into__isnull=True),
            ),
            models.CheckConstraint(
                name="file_erased_keeps_nothing",
                condition=~Q(state="erased") | Q(name="", latin_name="", sex="", born="", words__isnull=True),
            ),
            models.CheckConstraint(name="file_not_its_own_heir", condition=~Q(merged_into=F("id"))),
        ]
        indexes = [
            models.Index(
                fields=["office", "review_on", "id"], condition=Q(state="active"), name="file_by_review"
            ),
            models.Index(fields=["office", "name", "id"], condition=Q(state="active"), name="file_by_name"),
            models.Index(fields=["office", "standing", "origin"], name="file_by_standing"),
            GinIndex(fields=["words"], name="file_words"),
        ]


class FileReach(Row):
    """Which offices besides its keeper may see a file, and why: `case`, `alliance`, `break_glass`."""

    file = models.ForeignKey(File, models.CASCADE, related_name="reach")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    why = models.CharField(max_length=20)
    until = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "office", "why"], name="file_reach_once")]
        indexes = [models.Index(fields=["office", "file"])]


class Fact(Row):
    """Something that holds of a person from a day to a day, with where it was learned.

    `proof` says how it is known; `record` is the source's line it came from, when it came from one.
    """

    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    proof = models.CharField(max_length=200, blank=True)
    record = models.ForeignKey("parties.Record", models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_ends_after_it_began",
                condition=Q(until__isnull=True) | Q(since__isnull=True) | Q(until__gte=F("since")),
            ),
        ]


class Name(Fact):
    """A name the person has used, in one script and spelling."""

    file = models.ForeignKey(File, models.CASCADE, related_name="names")
    text = models.CharField(max_length=120)
    script = models.CharField(max_length=8, help_text="hans, hant, latin, other")
    spelling = models.CharField(
        max_length=12, blank=True, help_text="A scheme of parties.names.spelling, or blank"
    )
    kind = models.CharField(
        max_length=10, help_text="legal, former, married, alias, given (a foreign given name), childhood"
    )

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["file"])]


class Document(Fact):
    """The number of an identity paper: encrypted, found only by a keyed index, shown only in part."""

    file = models.ForeignKey(File, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=24, help_text="One of parties.rules.IDENTITY_KINDS")
    issuer = models.CharField(max_length=2, blank=True, help_text="Country, ISO 3166-1")
    sealed = models.BinaryField(help_text="AES-256-GCM; erased with the file")
    blind = models.BinaryField(max_length=32, help_text="HMAC of the tidied number, for exact look-up")
    tail = models.CharField(max_length=4)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["file"]), models.Index(fields=["blind"])]


class Citizenship(Fact):
    """A country whose citizen the person is or was."""

    file = models.ForeignKey(File, models.CASCADE, related_name="citizenships")
    country = models.CharField(max_length=2)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["file"])]


class Standing(Fact):
    """What the person is in the law's eyes: LAW §0.4, recognised by whom."""

    file = models.ForeignKey(File, models.CASCADE, related_name="standings")
    kind = models.CharField(
        max_length=24, help_text="overseas_chinese, foreign_chinese, returnee, relative, none"
    )
    recognised_by = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["file"])]


class Address(Fact):
    """Where somebody lives or is registered, in any country: as it is written there."""

    file = models.ForeignKey(File, models.CASCADE, related_name="addresses")
    kind = models.CharField(max_length=10, help_text="home, register (hukou), native (祖籍), post")
    country = models.CharField(max_length=2, blank=True)
    text = models.CharField(max_length=200)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["file"])]


class Contact(Fact):
    """A way to reach the person, and how they wish to be reached."""

    file = models.ForeignKey(File, models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=8, help_text="phone, email, wechat")
    value = models.CharField(max_length=120)
    preferred = models.BooleanField(default=False)
    shared = models.BooleanField(default=False, help_text="Others in the household read it too")
    wish = models.CharField(max_length=120, blank=True, help_text="When, in which language")

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["file"])]


class Member(Fact):
    """Belonging to a household, and as what."""

    file = models.ForeignKey(File, models.CASCADE, related_name="memberships")
    household = models.ForeignKey(Household, models.CASCADE, related_name="members")
    relation = models.CharField(max_length=16, blank=True, help_text="To its head; `head` is the head")

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["file"]), models.Index(fields=["household"])]


class Kin(Fact):
    """A relative at home or abroad: only what serves the person's own matters (a third party's data)."""

    file = models.ForeignKey(File, models.CASCADE, related_name="kin")
    relation = models.CharField(
        max_length=16, help_text="father, mother, spouse, child, sibling, grandparent, …"
    )
    name = models.CharField(max_length=120, blank=True)
    country = models.CharField(max_length=2, blank=True)
    other = models.ForeignKey(File, models.SET_NULL, null=True, related_name="+", help_text="Their own file")

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["file"]), models.Index(fields=["other"])]


class Need(Fact):
    """What help somebody needs. Sensitive kinds are kept only under the consent `sensitive`."""

    file = models.ForeignKey(File, models.CASCADE, related_name="needs")
    kind = models.CharField(max_length=16, help_text="One of parties.rules.NEEDS")
    note = models.CharField(max_length=400, blank=True)

    class Meta(Fact.Meta):
        indexes = [models.Index(fields=["file"])]


class Visit(Row):
    """A call at somebody's home. `key` is made by the phone, so that a form sent twice is one visit."""

    file = models.ForeignKey(File, models.CASCADE, related_name="visits")
    key = models.CharField(max_length=40)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    officer = models.ForeignKey(Account, models.PROTECT, related_name="+")
    companion = models.CharField(max_length=60, blank=True)
    visited_at = models.DateTimeField()
    kind = models.CharField(max_length=12, help_text="festival, routine, illness, bereavement")
    said = models.TextField(max_length=2000, blank=True, help_text="What the person said, in their words")
    found = models.TextField(max_length=2000, blank=True, help_text="What the visitor saw")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["officer", "key"], name="visit_sent_once")]
        indexes = [models.Index(fields=["file", "-visited_at"])]
