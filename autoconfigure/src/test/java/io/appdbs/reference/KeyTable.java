package io.appdbs.reference;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.settings.PartitionSettings;
import io.appdbs.settings.PoolSettings;
import io.appdbs.settings.ReplicaSettings;
import io.appdbs.settings.RlsSettings;

import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.Deprecation;
import org.springframework.boot.configurationmetadata.Hints;
import org.springframework.boot.configurationmetadata.ValueHint;

/**
 * Tables of {@code docs/keys.md}.
 */
final class KeyTable {

	/** Pages that explain the keys of a group. */
	static final Map<String, String> PAGES = Map.ofEntries(
			Map.entry("audit", "[audit](audit.md) and [row audit](row-audit.md)"),
			Map.entry("backup", "[backups](backup.md)"), Map.entry("cache", "[caches](caching.md)"),
			Map.entry("credentials", "[credentials](credentials.md)"),
			Map.entry("encryption", "[encrypted fields](encryption.md)"),
			Map.entry("flyway", "[migrations](migrations.md)"), Map.entry("health", "[health](health.md)"),
			Map.entry("hikari", "[configuration](configuration.md#hikari)"),
			Map.entry("inspection", "[inspection](inspection.md)"),
			Map.entry("jpa", "[persistence](persistence.md). Relational databases only"),
			Map.entry("liquibase", "[migrations](migrations.md#liquibase). Relational databases only"),
			Map.entry("maintenance", "[maintenance](maintenance.md)"), Map.entry("mongo", "[MongoDB](mongodb.md)"),
			Map.entry("partitions", "[partitions](partitions.md)"), Map.entry("pool", "[connection pools](pools.md)"),
			Map.entry("privileges", "[privileges](privileges.md)"),
			Map.entry("replica-reads", "[replicas](replicas.md)"), Map.entry("replicas", "[replicas](replicas.md)"),
			Map.entry("retry", "[transactions](transactions.md)"),
			Map.entry("rls", "[row-level security](row-level-security.md)"),
			Map.entry("sharding", "[MongoDB](mongodb.md#sharded-clusters)"),
			Map.entry("sql-init", "[migrations](migrations.md#sql-scripts). Relational databases only"),
			Map.entry("ssl", "[TLS](tls.md)"),
			Map.entry("startup", "[life cycle](life-cycle.md) and [schema](schema.md)"));

	/** Lists whose elements are groups of keys. */
	private static final Map<String, Class<?>> ELEMENTS = Map.of("partitions", PartitionSettings.class, "replicas",
			ReplicaSettings.class, "rls.settings", RlsSettings.Setting.class);

	private static final Key REPLICA_POOL = new Key("pool.*", PoolSettings.class.getName(), null,
			"Connection pool of the replica, with the keys of 'pool'. By default, the values of the database.", null);

	private KeyTable() {
	}

	static String write(List<Key> keys) {
		return keys.stream()
			.flatMap(KeyTable::expand)
			.map((key) -> "| `%s` | %s | %s | %s |\n".formatted(key.name(), KeyType.describe(key.type()),
					describeDefault(key.type(), key.defaultValue()), markup(key.description())))
			.collect(Collectors.joining("", "| key | type | default | meaning |\n|---|---|---|---|\n", "\n"));
	}

	/**
	 * Writes the values of a key, or the keys of a map, that the metadata has hints for.
	 * @param key the key of a database
	 * @param metadata the metadata with the hints
	 * @return the table, empty without hints
	 */
	static String writeValues(String key, Metadata metadata) {
		Hints hints = metadata.hints(KeysPage.DEFAULTS + key);
		return writeValues("key below `" + key + "`", hints.getKeyHints())
				+ writeValues("value of `" + key + "`", hints.getValueHints());
	}

	private static String writeValues(String heading, List<ValueHint> hints) {
		return hints.stream()
			.map((hint) -> "| `%s` | %s |\n".formatted(hint.getValue(), markup(hint.getDescription())))
			.reduce(String::concat)
			.map((rows) -> "| " + heading + " | meaning |\n|---|---|\n" + rows + "\n")
			.orElse("");
	}

	private static Stream<Key> expand(Key key) {
		Class<?> type = ELEMENTS.get(key.name());
		Stream<Key> elements = (type != null) ? Key.of(Metadata.read(type)).stream() : Stream.empty();
		Stream<Key> pool = (type == ReplicaSettings.class) ? Stream.of(REPLICA_POOL) : Stream.empty();
		return Stream.concat(Stream.of(key),
				Stream.concat(elements.filter((element) -> element.group().isEmpty()), pool)
					.map((element) -> element.below(key.name() + "[].")));
	}

	/** The processor writes some constants as in Java. */
	private static String describeDefault(String type, Object value) {
		String text = String.valueOf(value);
		return (value != null) ? "`" + (type.startsWith("java.") ? text : text.replace('_', '-')) + "`" : "";
	}

	/** Quotes are code in Markdown. */
	private static String markup(String description) {
		return description.replace("|", "\\|").replaceAll("(?<!\\w)'([^']+)'(?!\\w)", "`$1`");
	}

	/**
	 * A key of a table.
	 *
	 * @param name the name, relative to the prefix of the table
	 * @param type the type in the metadata
	 * @param defaultValue the default or {@code null}
	 * @param description what it means
	 * @param deprecation the deprecation or {@code null}
	 */
	record Key(String name, String type, Object defaultValue, String description, Deprecation deprecation) {

		static List<Key> of(Metadata metadata) {
			return metadata.properties().values().stream().map(Key::of).toList();
		}

		private static Key of(ConfigurationMetadataProperty property) {
			return new Key(property.getId(), property.getType(), property.getDefaultValue(), property.getDescription(),
					property.getDeprecation());
		}

		Key below(String prefix) {
			return new Key(prefix + this.name, this.type, this.defaultValue, this.description, this.deprecation);
		}

		boolean isDeprecated() {
			return this.deprecation != null;
		}

		String replacement() {
			return this.deprecation.getReplacement();
		}

		/**
		 * Returns the group of a key of a database.
		 * @return the first element if there are further keys below it, otherwise an
		 * empty text
		 */
		String group() {
			int dot = this.name.indexOf('.');
			return (dot < 0 && !PAGES.containsKey(this.name)) ? ""
					: this.name.substring(0, (dot < 0) ? this.name.length() : dot);
		}

	}

}
