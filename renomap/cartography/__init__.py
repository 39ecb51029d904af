"""RENDER: maps and map sheets, painted alike on screen, picture and paper. QtGui painting, no widgets."""
