package io.appdbs.actuate.page;

import java.util.function.Consumer;

/**
 * The frame of both pages. Only {@code main} changes when the script updates a page.
 * Nothing is inline, so that the strictest Content Security Policy permits it.
 *
 * @param links the links of the page
 * @param format formats times
 */
record PageLayout(PageLinks links, PageFormat format) {

	String render(String title, String heading, Consumer<HtmlWriter> main) {
		HtmlWriter html = new HtmlWriter();
		html.open("!doctype html").open("html", "lang", "en").open("head").open("meta", "charset", "utf-8");
		html.open("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
		html.open("meta", "name", "color-scheme", "content", "light dark").element("title", title);
		html.open("link", "rel", "icon", "type", "image/svg+xml", "href", this.links.to(PageAssets.ICON));
		html.open("link", "rel", "stylesheet", "href", this.links.to(PageAssets.STYLES));
		html.open("script", "src", this.links.to(PageAssets.SCRIPT), "defer").close("script").close("head");
		html.open("body").open("header").element("h1", heading);
		html.open("p", "class", "live").element("span", "", "id", "status", "role", "status");
		html.element("button", "Pause", "type", "button", "id", "pause", "aria-pressed", "false", "hidden");
		html.close("p").close("header").open("main");
		main.accept(html);
		html.open("p", "class", "note").text("As of ");
		this.format.writeTime(html, this.format.now());
		html.text(". No database was asked for this page.").close("p");
		return html.close("main").close("body").close("html").toString();
	}

}
