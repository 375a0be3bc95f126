"""SVG pictures, drawn from plain data or a Trace.

They know nothing of topics. Labels come from the caller in the reader's language; the few words
of their own go through the catalogue. Every picture takes a ``title``, which is drawn, and a
``description``, which says in words what the picture shows, for those who do not see it.
Without data a picture says so; data that contradicts itself is BadInput.
"""

from lab_kernel.figures.bars import Bar, bars
from lab_kernel.figures.blocks import blocks
from lab_kernel.figures.buddy_tree import buddy_tree
from lab_kernel.figures.call_graph import Vertex, call_graph
from lab_kernel.figures.charts import Series, line_chart, step_chart
from lab_kernel.figures.figure import Figure
from lab_kernel.figures.frame_grid import Column, frame_grid
from lab_kernel.figures.heatmap import Stretch, heatmap
from lab_kernel.figures.lanes import Step, lanes
from lab_kernel.figures.memory_map import Region, memory_map
from lab_kernel.figures.strip import Block, Strip
from lab_kernel.figures.table import Cell, Row, table
from lab_kernel.figures.table_walk import Field, Table, table_walk
from lab_kernel.figures.timeline import timeline
from lab_kernel.figures.waterfall import Part, Span, waterfall

__all__ = [
    "Bar",
    "Block",
    "Cell",
    "Column",
    "Field",
    "Figure",
    "Part",
    "Region",
    "Row",
    "Series",
    "Span",
    "Step",
    "Stretch",
    "Strip",
    "Table",
    "Vertex",
    "bars",
    "blocks",
    "buddy_tree",
    "call_graph",
    "frame_grid",
    "heatmap",
    "lanes",
    "line_chart",
    "memory_map",
    "step_chart",
    "table",
    "table_walk",
    "timeline",
    "waterfall",
]
