"""One document → Report: read, code, score. The way the data takes, on one screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from nqpf_cli import defaults
from nqpf_cli.analysis.codings import Codings
from nqpf_cli.analysis.evidence import evidence, hits
from nqpf_cli.analysis.given import override
from nqpf_cli.analysis.normalize import normalize, squeeze
from nqpf_cli.analysis.percentiles import Reference, Standing, stand
from nqpf_cli.analysis.prescriptions import taken_up, taking_up
from nqpf_cli.analysis.profile import profile
from nqpf_cli.analysis.quality import quality
from nqpf_cli.analysis.score import Scores, score
from nqpf_cli.analysis.specimen import specimen
from nqpf_cli.documents import read_document
from nqpf_cli.engines.base import ReadOptions
from nqpf_cli.engines.deadline import in_time
from nqpf_cli.files import read_bytes
from nqpf_cli.lexicon.kept import load
from nqpf_cli.model import (
    Coding,
    Document,
    Hit,
    Lexicon,
    Profile,
    Quality,
    Report,
    Settings,
)
from nqpf_cli.reference.load import load as load_reference
from nqpf_cli.reference.load import shipped
from nqpf_cli.resources import table
from nqpf_cli.segmenters.base import Segmenter, boundaries
from nqpf_cli.segmenters.registry import resolve
from nqpf_cli.version import __version__

if TYPE_CHECKING:
    from nqpf_cli.analysis.coder import Coder


@dataclass(frozen=True)
class Analyzer:
    """Scores documents with one lexicon and one set of settings; built once, used for many."""

    lexicon: Lexicon
    settings: Settings = field(default_factory=Settings)
    options: ReadOptions = field(default_factory=ReadOptions)

    @classmethod
    def of(
        cls,
        lexicons: Iterable[Path] = (),
        settings: Settings | None = None,
        options: ReadOptions | None = None,
    ) -> Analyzer:
        """Return an analyzer with the lexicon of the given folders and files loaded."""
        settings = settings or Settings()
        lexicon = load(tuple(lexicons))
        if settings.nested is None:
            settings = replace(settings, nested=lexicon.nested)
        elif settings.nested != lexicon.nested:
            lexicon = replace(lexicon, nested=settings.nested)
        if options is None:
            options = ReadOptions(
                engine=settings.engine,
                script="simplify" if settings.script == "simplify" else "as_is",
                ocr=settings.ocr,
            )
        return cls(lexicon, settings, options)

    @cached_property
    def coder(self) -> Coder:
        """The coder of the settings, with all that it looks for prepared."""
        from nqpf_cli.analysis.coder import ModelCoder, RuleCoder
        from nqpf_cli.lexicon import prepared

        rules = RuleCoder(
            self.lexicon,
            lambda text: boundaries(self.segmenter, text),
            prepared.load(self.lexicon),
        )
        if self.settings.coder == "rules":
            return rules
        from nqpf_cli.analysis.wording import Wording
        from nqpf_cli.lexicon import worded

        known = frozenset(c.id for c in self.lexicon.categories)
        return ModelCoder(rules, Wording(worded.load(table("wording.tsv"))), known)

    @cached_property
    def segmenter(self) -> Segmenter:
        """The segmenter of the settings."""
        return resolve(self.settings.segmenter)

    @cached_property
    def reference(self) -> Reference | None:
        """The reference set of the settings, read when the first document is scored."""
        match self.settings.reference:
            case "none":
                return None
            case defaults.REFERENCE:
                return load_reference(shipped(self.settings.coder))
            case path:
                return load_reference(Path(path))

    def code(self, text: str) -> Coding:
        """Code one sentence as it was written."""
        return self.code_all([text])[0]

    def code_all(self, texts: Iterable[str]) -> Codings:
        """Code sentences as they were written, together."""
        return self.coder.code_all([squeeze(*normalize(text))[0] for text in texts])

    def read(self, path: str) -> Document:
        """Read a file into a document; raises ``InputError``."""
        return self.read_data(read_bytes(path, self.options.max_bytes), path)

    def read_data(self, data: bytes, path: str, sha256: str | None = None) -> Document:
        """Read bytes into a document named ``path``; raises ``InputError``.

        ``sha256`` is the hash of ``data`` where it is known.
        """
        return read_document(data, path, self.options, self.settings.tables, self.get_ready, sha256)

    def get_ready(self) -> None:
        """Build what scoring wants, while another process reads."""
        _ = self._specimen_score

    @cached_property
    def _specimen_score(self) -> Report:
        document = specimen()
        # Not by ``codings``: the limit of time is for documents that users bring.
        return self.score(
            document, codings=self.coder.code_all([s.text for s in document.sentences])
        )

    def evidence(self, document: Document, *, of: str | None = None) -> list[Hit]:
        """Return the hits of a document, in the order of its sentences.

        ``of`` names a category, an indicator or a prescription; the hits of a prescription are
        given only when it is named, and are those that ``score`` counts.
        """
        codings = self.codings(document)
        if of not in {p.id for p in self.lexicon.prescriptions}:
            all_ = evidence(document, codings)
            return [h for h in all_ if of is None or of in (h.category, h.indicator)]
        import numpy as np  # see statistics

        counted = taking_up(codings)
        counted &= np.array([e.target == of for e in self.lexicon.entries])[codings.entries]
        numbers = taken_up(codings, paragraphs(document), self.lexicon)[of]
        counted &= np.isin(codings.sentences, numbers)
        return list(hits(document, codings, counted.nonzero()[0]))

    def codings(self, document: Document) -> Codings:
        """Code the sentences of a document, in their order."""
        coder = self.coder  # built once for all documents: no time of this one's
        with in_time(self.options.limits, document.source.path):
            return coder.code_all([s.text for s in document.sentences])

    def score(
        self,
        document: Document,
        given: Profile | None = None,
        codings: Codings | None = None,
    ) -> Report:
        """Code and score a document; ``given`` is what the user knows of it.

        Sentences are coded here unless ``codings`` brings that along.
        """
        codings = self.codings(document) if codings is None else codings
        places = paragraphs(document)
        name = PurePath(document.source.path).name
        about = override(profile(name, document.title, document.blocks), given)
        q = quality(document, set(places), codings, self.settings.tables)
        settings = replace(self.settings, nested=self.lexicon.nested)
        made_with = (self.lexicon.id, settings, __version__)
        standing, warnings = stand(self.reference, made_with, about, document.source.sha256)
        q = replace(q, warnings=(*q.warnings, *warnings))
        figures = score(
            codings,
            places,
            self.lexicon,
            q.scored_han_chars,
            self.settings,
            about.jurisdiction,
            standing,
        )
        return self._report(document, about, q, figures, standing, evidence(document, codings))

    def _report(
        self,
        document: Document,
        about: Profile,
        q: Quality,
        figures: Scores,
        standing: Standing | None,
        found: Sequence[Hit],
    ) -> Report:
        return Report(
            nqpf_version=__version__,
            lexicon=self.lexicon.id,
            settings=self.settings,
            source=document.source,
            pages=len(document.pages) if document.paged else None,
            profile=about,
            quality=q,
            dimensions=figures.dimensions,
            indicators=figures.indicators,
            obstructions=figures.obstructions,
            paths=figures.paths,
            methods=figures.methods,
            prescriptions=figures.prescriptions,
            balance=figures.balance,
            reference=standing.comparison if standing else None,
            hits=found,
        )


def paragraphs(document: Document) -> list[int]:
    """Return the numbers of the blocks that the document's sentences stand in."""
    return [s.block for s in document.sentences]
