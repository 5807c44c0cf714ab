package io.appdbs.engine.url;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code host[:port][,host[:port]...]} of a URL. Messages never contain it, because
 * it can be a part of a password that was not percent-encoded.
 */
public final class UrlHosts {

	private static final Pattern HOST = Pattern
		.compile("(\\[[0-9A-Fa-f:.]+(?:%[\\w.\\-]+)?]|[\\p{L}\\p{N}._\\-]*)(?::(.*))?");

	private UrlHosts() {
	}

	/**
	 * Parses a list of hosts.
	 * @param hosts the hosts as written
	 * @param defaultPort the port of hosts without one; 0 to leave such hosts without
	 * port
	 * @return the hosts as {@code host:port}; {@code localhost} if the list is empty
	 * @throws InvalidUrlException if the list is invalid
	 */
	public static List<String> parse(String hosts, int defaultPort) {
		String[] written = hosts.split(",", -1);
		List<String> result = new ArrayList<>();
		for (String host : written) {
			if (host.isEmpty() && written.length > 1) {
				throw new InvalidUrlException("has an empty host in its list of hosts",
						"Write hosts as host:port,host:port.");
			}
			result.add(parseHost(host, defaultPort));
		}
		return result;
	}

	private static String parseHost(String text, int defaultPort) {
		Matcher matcher = HOST.matcher(text);
		if (!matcher.matches()) {
			throw new InvalidUrlException("has a host that is neither a name nor an address",
					"Write a host name, an IPv4 address or an IPv6 address in brackets such as [::1]. "
							+ UrlParts.ENCODING_ACTION);
		}
		String host = (!matcher.group(1).isEmpty()) ? matcher.group(1) : "localhost";
		int port = (matcher.group(2) != null) ? parsePort(matcher.group(2)) : defaultPort;
		return (port > 0) ? host + ":" + port : host;
	}

	private static int parsePort(String text) {
		int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
		if (port < 1 || port > 65535) {
			throw new InvalidUrlException("has a port that is not a number between 1 and 65535",
					"Correct the port. Where what follows the ':' is a password, add '@' and the host behind it.");
		}
		return port;
	}

}
