package io.appdbs.config;

import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.appdbs.config.source.KnownKeys;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.RouteSettings;

/**
 * The keys that messages name.
 */
public final class MessageKeys {

	private static final Pattern KEY = Pattern.compile("\\bapp\\.dbs(?:-defaults|-only)?(?:\\.[^\\s.:,;'\"()]+)*");

	/** A key in a literal, with what is put into it. */
	private static final Pattern LITERAL = Pattern.compile("\"(?:[^\"\\\\\\n]|\\\\.)*\"");

	/** The key of a setting that is completed when the program runs. */
	private static final Pattern SETTING = Pattern.compile("(?:(?:keys\\(\\)|[pP]roblems|definition(?:\\(\\))?)\\."
			+ "(?:key|place|add|addOwn|check\\w+)\\(|DatabaseDefinition\\.key\\([\\w.()]+,)\\s*\"(?!app\\.)([a-z][\\w.-]*)\"");

	private MessageKeys() {
	}

	public static List<String> in(String text) {
		return KEY.matcher(text).results().map(MatchResult::group).toList();
	}

	public static List<String> inSource(String source) {
		Stream<String> whole = LITERAL.matcher(source)
			.results()
			// a key that is put in when the program runs, and then the name of a database
			.map((literal) -> literal.group().replaceAll("<name>(?:\\.%(?:\\d\\$)?s)+", "<name>"))
			.flatMap((literal) -> in(literal.replaceAll("%(?:\\d\\$)?[sd]", "orders")).stream());
		Stream<String> settings = SETTING.matcher(source).results().map((match) -> "app.dbs.orders." + match.group(1));
		return Stream.concat(whole, settings).toList();
	}

	public static boolean isKnown(String key) {
		String[] elements = key.split("\\.");
		return switch (elements[1]) {
			case "dbs" -> elements.length < 3 || isKnown(elements, 3, DatabaseSettings.class);
			case "dbs-defaults" -> isKnown(elements, 2, DatabaseSettings.class);
			case "dbs-routes" -> elements.length < 4 || isKnown(elements, 3, RouteSettings.class);
			case "dbs-include", "dbs-only" -> elements.length == 2;
			default -> false;
		};
	}

	private static boolean isKnown(String[] elements, int index, Class<?> type) {
		if (index == elements.length) {
			return true;
		}
		KnownKeys known = KnownKeys.of(type);
		String key = elements[index].replaceFirst("\\[.*", "");
		if (!known.names().contains(key)) {
			return false;
		}
		Class<?> entries = known.groupType(key);
		Class<?> next = (entries != null) ? entries : known.type(key);
		if (next.isRecord()) {
			return isKnown(elements, index + 1, next);
		}
		return index + 1 == elements.length || Map.class.isAssignableFrom(next);
	}

}
