"""Table → Parquet, with the codebook in the metadata of its fields."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from nqpf_cli.errors import MissingExtraError
from nqpf_cli.formats.frames import cells
from nqpf_cli.i18n import Message

if TYPE_CHECKING:
    from nqpf_cli.formats.frames import About, Row, Variable

_GROUP_ROWS = 2_048  # held at once


def to_parquet(rows: Iterable[Row], variables: Sequence[Variable], about: About) -> bytes:
    """Return a Parquet file: text, 64-bit integers and floats, booleans; missing is null.

    A field's metadata is its entry in the codebook; the file's has the notes. Raises
    ``MissingExtraError``.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as e:
        raise MissingExtraError.of("tables", Message("parquet 输出", "writing parquet")) from e
    types = {"integer": pa.int64(), "real": pa.float64(), "flag": pa.bool_()}
    fields = [
        pa.field(v.name, types.get(v.type, pa.string()), metadata=_metadata(v.to_dict()))
        for v in variables
    ]
    schema = pa.schema(fields, metadata=_metadata({"title": about.title, **dict(about.notes)}))
    lines = iter(rows)
    buffer = io.BytesIO()
    with parquet.ParquetWriter(buffer, schema, compression="zstd") as writer:
        while group := [cells(row, variables) for row in islice(lines, _GROUP_ROWS)]:
            columns = zip(*group, strict=True)
            arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=schema))
    return buffer.getvalue()


def _metadata(entries: dict[str, Any]) -> dict[str, str]:
    return {
        k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False)
        for k, v in entries.items()
        if v is not None
    }
