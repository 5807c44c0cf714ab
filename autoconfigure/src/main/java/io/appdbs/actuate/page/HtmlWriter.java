package io.appdbs.actuate.page;

import org.springframework.web.util.HtmlUtils;

/**
 * Writes HTML. All texts and values of attributes are escaped, as they contain messages
 * of drivers; names of tags and attributes are constants.
 */
final class HtmlWriter {

	private final StringBuilder html = new StringBuilder(8192);

	/**
	 * Writes the begin of an element.
	 * @param tag the name of the tag
	 * @param attributes names and values in turn; a name without a value at the end is an
	 * attribute that needs none
	 */
	HtmlWriter open(String tag, String... attributes) {
		this.html.append('<').append(tag);
		for (int i = 0; i < attributes.length; i += 2) {
			this.html.append(' ').append(attributes[i]);
			if (i + 1 < attributes.length) {
				this.html.append("=\"").append(escape(attributes[i + 1])).append('"');
			}
		}
		this.html.append('>');
		return this;
	}

	HtmlWriter close(String tag) {
		this.html.append("</").append(tag).append('>');
		return this;
	}

	HtmlWriter text(Object text) {
		this.html.append(escape(String.valueOf(text)));
		return this;
	}

	/**
	 * Writes an element that has a text alone.
	 */
	HtmlWriter element(String tag, Object text, String... attributes) {
		return open(tag, attributes).text(text).close(tag);
	}

	private static String escape(String text) {
		return HtmlUtils.htmlEscape(text, "UTF-8");
	}

	@Override
	public String toString() {
		return this.html.toString();
	}

}
