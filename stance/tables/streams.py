"""Tables as Arrow streams: to be sent to another process, or kept for a while, without being encoded."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def packed(table: "pa.Table") -> "pa.Buffer":
    """A table as an Arrow stream: as it is in memory, but for what it leaves out of its buffers."""
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue()


def unpacked(content: "pa.Buffer | pa.NativeFile") -> "pa.Table":
    """The table of an Arrow stream."""
    import pyarrow as pa

    return pa.ipc.open_stream(content).read_all()
