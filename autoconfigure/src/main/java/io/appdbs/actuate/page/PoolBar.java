package io.appdbs.actuate.page;

import java.util.Locale;

import io.appdbs.PoolUsage;

/**
 * The usage of a pool as a bar and in words.
 */
final class PoolBar {

	private static final int WIDTH = 100;

	private PoolBar() {
	}

	static void write(HtmlWriter html, PoolUsage pool) {
		double active = part(pool.active(), pool.maximum());
		double idle = Math.min(part(pool.idle(), pool.maximum()), WIDTH - active);
		html.open("svg", "class", pool.isExhausted() ? "bar full" : "bar", "viewBox", "0 0 100 8",
				"preserveAspectRatio", "none", "aria-hidden", "true");
		writePart(html, "active", 0, active);
		writePart(html, "idle", active, idle);
		html.close("svg").text(" %d of %d in use".formatted(pool.active(), pool.maximum()));
		if (pool.limit() != null) {
			html.text(", limited to %d".formatted(pool.limit()));
		}
		if (pool.waiting() > 0) {
			html.text(", ").element("strong", pool.waiting() + " waiting", "class", "warn");
		}
	}

	private static double part(int connections, int maximum) {
		return (maximum > 0) ? Math.min(WIDTH, (double) WIDTH * connections / maximum) : 0;
	}

	private static void writePart(HtmlWriter html, String style, double begin, double width) {
		html.open("rect", "class", style, "x", format(begin), "width", format(width), "height", "8").close("rect");
	}

	private static String format(double value) {
		return String.format(Locale.ROOT, "%.1f", value);
	}

}
