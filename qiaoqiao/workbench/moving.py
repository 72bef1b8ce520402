"""A move's page: what it does and rests on, what it asks, the notice it will issue; then doing it, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qiaoqiao.access.doors import needs
from qiaoqiao.access.models import Office
from qiaoqiao.access.rules import Permission
from qiaoqiao.casework.actions.moving import ExtensionTooLong, move
from qiaoqiao.casework.actions.once import Answer, Asked, KeyReused, once
from qiaoqiao.casework.actions.rehearsing import Rehearsal, rehearse
from qiaoqiao.casework.actions.seating import ShieldedOffice
from qiaoqiao.casework.queries import offices_for_seat, texts_of
from qiaoqiao.casework.reading import CaseFile
from qiaoqiao.casework.routing import NoOffice, NotThisOffice
from qiaoqiao.casework.rules import AnswerMissing, MoveRefused, WhyNot
from qiaoqiao.catalogue.entry import Move, words
from qiaoqiao.ui.language import language_of
from qiaoqiao.workbench.desk import actor_of, page, read_case
from qiaoqiao.workbench.frame import show
from qiaoqiao.workbench.moveform import answers_of, as_text, form_of, law_words, office_faults, questions
from qiaoqiao.workbench.whynot import offer_of, offers, reason
