"""Definitions that are being written: checked, inferred from two sources, tried on a sample."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from greenai.bff.deps import CallerDep, PlatformDep, Writing, requires
from greenai.bff.engines import opened_engine
from greenai.bff.router import new_router
from greenai.bff.routers.versions import shown_difference
from greenai.bff.schemas.definitions import (
    DefinitionDifference,
    DefinitionText,
    DocumentPair,
    ProblemShown,
    Validation,
)
from greenai.bff.schemas.trials import (
    BreakTried,
    FieldTried,
    Inference,
    InferenceShown,
    PairShown,
    RejectTried,
    RowsShown,
    SourceAsked,
    TotalTried,
    TrialAsked,
    TrialShown,
)
from greenai.definition.fingerprint import fingerprint
from greenai.definition.loading import loads
from greenai.definition.model import Source
from greenai.definition.named_locations import named_location, unnamed_problems
from greenai.definition.nodes import read_document
from greenai.definition.problems import InvalidDefinitionError, Problem, dotted
from greenai.definition.writing import dumps, flow
from greenai.errors import DefinitionError, UsageError
from greenai.pipeline import activating
from greenai.pipeline.connections import insist_own_uploads, rooted, unknown_connections
from greenai.pipeline.proposed_definition import placeholder, proposed_definition
from greenai.pipeline.trial import tried
from greenai.pipeline.version_difference import document_difference
from greenai.store import definition_changes
from greenai.store.definitions import version_of

if TYPE_CHECKING:
    pass

router = new_router("definitions")
SAMPLE_ROWS: Final = 20


@router.post("/definitions/validation", summary="Check a definition", dependencies=[requires("recons.read")])
def validate_definition(asked: DefinitionText, connection: Writing) -> Validation:
    """Every problem of a definition, each with its place and what to do; nothing is saved or read."""
    try:
        definition = loads(asked.document)
    except DefinitionError as error:
        return _invalid(asked.document, _problems(error))
    found = [*unnamed_problems(definition), *unknown_connections(connection, definition)]
    if found:
        return _invalid(asked.document, found)
    recon_id = definition_changes.recon_id(connection, definition.recon)
    return Validation(
        valid=True,
        problems=[],
        recon=definition.recon,
        version=None if recon_id is None else version_of(connection, recon_id, fingerprint(definition)),
        document=dumps(definition),
    )


@router.post(
    "/definitions/difference", summary="Compare two definitions", dependencies=[requires("recons.read")]
)
def compare_definitions(asked: DocumentPair) -> DefinitionDifference:
    """What differs between two definitions, field by field and line by line."""
    return shown_difference(document_difference(asked.before, asked.after))


@router.post(
    "/definitions/inference",
    summary="Propose a definition for two sources",
    dependencies=[requires("recons.propose")],
)
def infer_definition(
    asked: Inference, connection: Writing, caller: CallerDep, platform: PlatformDep
) -> InferenceShown:
    """Pair the columns of two sources, with types, key and context, beside first rows of both."""
    given = {"a": _source(asked.a, "a"), "b": _source(asked.b, "b")}
    definition = placeholder(given["a"], given["b"])
    insist_own_uploads(connection, definition, caller.actor_id)
    files = rooted(connection, definition)
    with opened_engine(platform.settings) as engine:
        found = proposed_definition(
            engine,
            files,
            given,
            asked.business_date or date.today(),
            recon=asked.recon,
            key=asked.key,
            shown=SAMPLE_ROWS,
        )
    inferred = found.inferred
    return InferenceShown(
        document=found.document,
        pairs=[
            PairShown(
                field=found.fields[pair.name],
                column_a=pair.column_a,
                column_b=pair.column_b,
                type=str(pair.type),
                how=pair.how,
                overlap=pair.overlap,
                conflict=pair.conflict,
                steps_a=[flow(step) for step in pair.steps_a],
                steps_b=[flow(step) for step in pair.steps_b],
                key=pair.name in inferred.key,
            )
            for pair in inferred.pairs
        ],
        key=[found.fields[name] for name in inferred.key],
        key_evidence=inferred.key_evidence,
        unpaired_a=list(inferred.unpaired_a),
        unpaired_b=list(inferred.unpaired_b),
        context=[one.name for one in inferred.context],
        notes=list(inferred.notes),
        a=RowsShown(columns=list(found.a.columns), rows=[list(row) for row in found.a.rows]),
        b=RowsShown(columns=list(found.b.columns), rows=[list(row) for row in found.b.rows]),
    )


@router.post(
    "/definitions/trial",
    summary="Try a definition on a sample",
    dependencies=[requires("recons.propose")],
)
def try_definition(
    asked: TrialAsked, connection: Writing, caller: CallerDep, platform: PlatformDep
) -> TrialShown:
    """Run a definition on a sample of both sides: counts, reasons, breaks. Nothing is stored."""
    definition = activating.read(connection, asked.document)
    caller.insist("recons.propose", definition.recon)
    insist_own_uploads(connection, definition, caller.actor_id)
    files = rooted(connection, definition)
    with opened_engine(platform.settings) as engine:
        found = tried(
            engine,
            files,
            asked.business_date or date.today(),
            most_rows=asked.rows,
            causes=asked.causes,
            shown=asked.shown,
        )
    summary = found.summary
    return TrialShown(
        share=found.share,
        rows_read=found.rows_read,
        rows=summary.rows.as_dict(),
        fields=[FieldTried(field=name, **one.as_dict()) for name, one in summary.fields.items()],
        breaks=summary.breaks,
        decisions=summary.decisions or {},
        records=summary.records or {},
        reasons=found.reasons,
        totals=[TotalTried.model_validate(one.as_dict()) for one in summary.totals or ()],
        key=list(found.key),
        types=found.types,
        notes=list(found.notes),
        examples=[BreakTried(**one) for one in found.breaks],
        rejects=[RejectTried(**one) for one in found.rejects],
        seconds={name: round(seconds, 3) for name, seconds in summary.timings.items()},
    )


def _source(asked: SourceAsked, side: str) -> Source:
    try:
        named_location(asked.location)
    except ValueError as error:
        raise UsageError(
            str(error),
            column=f"{side}.location",
            value=asked.location,
            remedy="name an approved connection, or an uploaded file",
        ) from None
    data: dict[str, Any] = asked.model_dump(exclude_defaults=True)
    # Through the same reader as a definition's, so that every check of it holds here.
    from greenai.definition.loading import from_data

    return from_data({"recon": "recon", "sources": {"a": data, "b": data}}).sources.a


def _problems(error: DefinitionError) -> tuple[Problem, ...]:
    if isinstance(error, InvalidDefinitionError):
        return error.problems
    return (Problem((), error.message, error.remedy, error.value, error.line),)


def _invalid(text: str, problems: Any) -> Validation:
    try:
        document = read_document(text, source="definition")
    except DefinitionError:
        document = None
    shown = []
    for one in problems:
        path = one.path if document is None else document.trim(one.path)
        place = None if document is None else document.places.get(path)
        shown.append(
            ProblemShown(
                path=dotted(path),
                message=one.message,
                remedy=one.remedy,
                value=None if one.value is None else str(one.value)[:200],
                line=one.line or (None if place is None else place.line),
                column=None if place is None or one.line not in (None, place.line) else place.column,
            )
        )
    return Validation(valid=False, problems=shown, recon=None, version=None, document=None)
