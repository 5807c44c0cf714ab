package io.appdbs.engine.url;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The parameters of a driver's URL, as written.
 */
public final class UrlParameters {

	private static final Pattern ADDRESS_PARAMETER = Pattern.compile("[(,]\\s*([\\w.\\-]+)\\s*=\\s*([^(),]*)(?=[),])");

	private UrlParameters() {
	}

	/**
	 * Returns the parameters of a URL, those in the addresses of hosts included.
	 * @param url the URL
	 * @return the values as they are written, empty where there is none, by name
	 */
	public static Map<String, String> all(String url) {
		Map<String, String> parameters = ofAddresses(url);
		parameters.putAll(ofQuery(url));
		return parameters;
	}

	/**
	 * Returns the parameters in the addresses of hosts, such as
	 * {@code address=(host=h)(port=1)} or {@code (host=h,port=1)}.
	 * @param url the url
	 * @return the parameters in the addresses of hosts, such as {@code
	 * address=(host=h)(port=1)} or {@code (host=h,port=1)}
	 */
	public static Map<String, String> ofAddresses(String url) {
		Map<String, String> parameters = new LinkedHashMap<>();
		Matcher address = ADDRESS_PARAMETER.matcher(url.split("[?;]", 2)[0]);
		while (address.find()) {
			parameters.put(address.group(1), address.group(2));
		}
		return parameters;
	}

	/**
	 * Returns the parameters that follow the database.
	 * @param url the url
	 * @return the parameters that follow the database
	 */
	public static Map<String, String> ofQuery(String url) {
		Map<String, String> parameters = new LinkedHashMap<>();
		String[] parts = url.split("[?;]", 2);
		if (parts.length > 1) {
			String border = (url.charAt(parts[0].length()) == '?') ? "&" : "(?<!\\\\);";
			for (String parameter : parts[1].split(border)) {
				int equals = parameter.indexOf('=');
				String name = ((equals >= 0) ? parameter.substring(0, equals) : parameter).trim();
				if (!name.isEmpty()) {
					parameters.put(name, parameter.substring(equals + 1));
				}
			}
		}
		return parameters;
	}

}
