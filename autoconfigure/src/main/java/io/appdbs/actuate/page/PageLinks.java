package io.appdbs.actuate.page;

import java.nio.charset.StandardCharsets;

import org.springframework.web.util.UriUtils;

/**
 * Links between the pages, relative to the last segment of the path, so that they hold
 * behind a context path, a proxy and a mapped path.
 *
 * @param base the prefix of what is below the endpoint
 * @param all the page of all databases
 */
record PageLinks(String base, String all) {

	/**
	 * Returns the links of the page of all databases.
	 * @param endpoint the last segment of the path of the endpoint
	 */
	static PageLinks ofAll(String endpoint) {
		String segment = encode(endpoint);
		return new PageLinks("./" + segment + "/", "./" + segment);
	}

	/**
	 * Returns the links of the page of one database.
	 * @param endpoint the last segment of the path of the endpoint
	 */
	static PageLinks ofOne(String endpoint) {
		return new PageLinks("./", "../" + encode(endpoint));
	}

	String to(String name) {
		return this.base + name;
	}

	private static String encode(String segment) {
		return UriUtils.encodePathSegment(segment, StandardCharsets.UTF_8);
	}

}
