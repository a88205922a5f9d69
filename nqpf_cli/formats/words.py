"""The words shown to people for the ids of the framework, in both languages."""

from __future__ import annotations

from nqpf_cli.formats.safe import one_line
from nqpf_cli.i18n import Language
from nqpf_cli.model import Lexicon

CHAINS = (
    ("factor", "institution", "strategy"),
    ("industry", "lockin", "block"),
    ("relations", "services", "urbanization"),
)
_WORDS = {
    "problem": ("诊断", "diagnosed"),
    "remedy": ("回应", "answered"),
    "silent": ("未提及", "silent"),
    "diagnosed": ("只诊断", "diagnosed only"),
    "answered": ("诊断并回应", "answered"),
    "unprompted": ("只回应", "unprompted"),
    "work_report": ("政府工作报告", "work report"),
    "plan_outline": ("规划纲要", "plan outline"),
    "plan_report": ("计划报告", "plan report"),
    "plan": ("规划", "plan"),
    "action_plan": ("行动方案", "action plan"),
    "opinion": ("意见", "opinion"),
    "regulation": ("法规", "regulation"),
    "notice": ("通知", "notice"),
    "measures": ("措施", "measures"),
    "report": ("报告", "report"),
    "national": ("全国", "national"),
    "province": ("省级", "province"),
    "prefecture": ("地级", "prefecture"),
    "county": ("县级", "county"),
    "east": ("东部", "east"),
    "central": ("中部", "central"),
    "west": ("西部", "west"),
    "northeast": ("东北", "northeast"),
    "unknown": ("未知", "unknown"),
    "review": ("回顾", "review"),
    "problems": ("问题", "problems"),
    "outlook": ("思路", "outlook"),
    "annex": ("附件", "annex"),
    "other": ("", ""),
}


def word(id_: str, lang: Language) -> str:
    """Return the word for a fixed id (a stance, a verdict, a kind of document)."""
    zh, en = _WORDS.get(id_, (id_, id_))
    return zh if lang == "zh" else en


def name(id_: str, lexicon: Lexicon, lang: Language) -> str:
    """Return the lexicon's name of a category, indicator or carrier; the id if it has none."""
    item = (
        lexicon.category(id_)
        or lexicon.indicator(id_)
        or next((p for p in lexicon.prescriptions if p.id == id_), None)
    )
    if item is None:
        return id_
    return one_line(item.zh if lang == "zh" else item.en)


def label_name(label: str, lexicon: Lexicon, lang: Language) -> str:
    """Return the words of a label such as ``lockin.problem``."""
    category, _, stance = label.partition(".")
    base = name(category, lexicon, lang)
    return f"{base}·{word(stance, lang)}" if stance else base
