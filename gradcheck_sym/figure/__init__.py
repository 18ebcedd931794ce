"""Reports as figures: what is drawn, and where. A page draws them as SVG, LaTeX with TikZ."""
