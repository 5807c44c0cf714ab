package io.appdbs.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.appdbs.reference.KeyTable.Key;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.RouteSettings;

/**
 * Writes {@code docs/keys.md} from the configuration metadata.
 */
final class KeysPage {

	static final String DEFAULTS = "app.dbs-defaults.";

	private static final String TEMPLATE = "app.dbs-runtime.template.";

	private static final String INTRODUCTION = """
			# Keys

			The type, the default and the meaning of every key. [Configuration](configuration.md) explains where values come from, how defaults, environment
			variables and placeholders work, and what is an error. This page is generated from the configuration metadata, from which
			[editors](configuration.md#editors) complete keys. After a change of the settings, this command writes it again:

			    %s

			| type | how to write a value |
			|---|---|
			| duration | `500ms`, `30s`, `5m`, `2h`, `7d`. A number without a unit is in milliseconds. |
			| size | `512KB`, `1MB`, `2GB`. A number without a unit is in bytes. |
			| list of … | In YAML a sequence or a text with commas, elsewhere a text with commas or one key for each element: `packages[0]`. |
			| list of groups | One group of keys for each element: in YAML `- url: …`, elsewhere `replicas[0].url`. |
			| map to … | Keys that you choose, below the key. |

			""";

	/** Groups of keys that are an entry of the contents of this page. */
	private static final String CONTENTS = """
			## Keys of a database

			The following keys are below `app.dbs.<name>`. Except for %s, they are also allowed below
			`app.dbs-defaults`, for all databases.

			They are also allowed below `app.dbs-runtime.template`, for databases that are added at run time, except for:
			%s.

			%s

			See [engines](engines.md) and [embedded servers](embedded.md) for `url` and `engine`, [disabled databases](configuration.md#disabled-databases) for
			`enabled`, [beans](beans.md) for `primary`, [persistence](persistence.md) for `packages`, [life cycle](life-cycle.md) for `required`,
			[limits](transactions.md#limits-that-the-server-enforces) for the three timeouts, and [query log](query-log.md) for `query-log` and `slow-query-threshold`.

			""";

	private final Metadata metadata = Metadata.read();

	private final StringBuilder text = new StringBuilder();

	String write() {
		this.text.append(INTRODUCTION.formatted(KeysPageTests.COMMAND));
		section("## Databases", "", (key) -> key.matches("app\\.dbs(-[a-z]+)?"));
		writeDatabase();
		section("## Databases at run time", "See [databases at run time](run-time-databases.md).",
				(key) -> key.matches("app\\.dbs-runtime\\.[a-z-]+"));
		this.text
			.append("## Routes\n\nThe following keys are below `app.dbs-routes.<name>`. See [routes](routing.md).\n\n");
		this.text.append(KeyTable.write(Key.of(Metadata.read(RouteSettings.class))));
		section("## Health and endpoint",
				"These keys need Spring Boot's actuator. See [health](health.md) and the [endpoint](endpoint.md).",
				(key) -> key.startsWith("management."));
		writeDeprecated();
		return this.text.toString().stripTrailing() + "\n";
	}

	private void section(String heading, String introduction, Predicate<String> keys) {
		this.text.append(heading).append("\n\n");
		if (!introduction.isEmpty()) {
			this.text.append(introduction).append("\n\n");
		}
		this.text.append(KeyTable.write(
				Key.of(this.metadata).stream().filter((key) -> keys.test(key.name()) && !key.isDeprecated()).toList()));
	}

	private void writeDatabase() {
		List<Key> keys = Key.of(Metadata.read(DatabaseSettings.class));
		Map<String, List<Key>> groups = new TreeMap<>();
		keys.forEach((key) -> groups.computeIfAbsent(key.group(), (group) -> new ArrayList<>()).add(key));
		List<Key> single = groups.remove("");
		this.text.append(CONTENTS.formatted(findMissing(keys, DEFAULTS), findMissing(keys, TEMPLATE),
				groups.keySet().stream().map("[%1$s](#%1$s)"::formatted).collect(Collectors.joining(",\n"))));
		this.text.append(KeyTable.write(single));
		single.forEach((key) -> this.text.append(KeyTable.writeValues(key.name(), this.metadata)));
		groups.forEach(this::writeGroup);
	}

	/**
	 * Returns the groups and keys that have nothing below a prefix.
	 */
	private String findMissing(List<Key> keys, String prefix) {
		List<String> names = keys.stream()
			.map(Key::name)
			.filter((name) -> !this.metadata.contains(prefix + name))
			.map((name) -> findMissing(name, prefix))
			.distinct()
			.map((name) -> "`" + name + "`")
			.toList();
		return String.join(", ", names).replaceFirst(", ([^,]+)$", " and $1");
	}

	private String findMissing(String name, String prefix) {
		int dot = -1;
		do {
			dot = name.indexOf('.', dot + 1);
		}
		while (dot > 0 && this.metadata.containsBelow(prefix + name.substring(0, dot + 1)));
		return (dot > 0) ? name.substring(0, dot) : name;
	}

	private void writeGroup(String group, List<Key> keys) {
		this.text.append("### `").append(group).append("`\n\n");
		String page = KeyTable.PAGES.get(group);
		if (page != null) {
			this.text.append("See ").append(page).append(".\n\n");
		}
		this.text.append(KeyTable.write(keys));
		keys.forEach((key) -> this.text.append(KeyTable.writeValues(key.name(), this.metadata)));
	}

	private void writeDeprecated() {
		this.text
			.append("""
					## Deprecated keys

					These keys still work, with a warning, in the same places as their replacements. See [deprecated keys](configuration.md#deprecated-keys).

					| deprecated | replacement |
					|---|---|
					""");
		Pattern prefix = Pattern.compile("^" + Pattern.quote(DEFAULTS));
		Key.of(this.metadata)
			.stream()
			.filter(Key::isDeprecated)
			.forEach(
					(key) -> this.text.append("| `%s` | `%s` |\n".formatted(prefix.matcher(key.name()).replaceFirst(""),
							prefix.matcher(key.replacement()).replaceFirst(""))));
	}

}
