package io.appdbs.reference;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.config.DatabaseSettingsBinder;
import io.appdbs.config.RouteSettingsBinder;
import io.appdbs.config.RuntimeDefinitions;
import io.appdbs.config.source.KnownKeys;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.RouteSettings;
import io.appdbs.settings.RuntimeSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for the keys and values that editors offer.
 */
class CompletionTests {

	private static final Map<String, Class<?>> PREFIXES = Map.of("app.dbs.orders.", DatabaseSettings.class,
			"app.dbs-defaults.", DatabaseSettings.class, "app.dbs-runtime.", RuntimeSettings.class,
			"app.dbs-routes.tenants.", RouteSettings.class);

	/** Keys below a map whose keys are limited. */
	private static final Map<String, String> OPTIONS = Map.of("hikari", ".schema", "flyway", ".table");

	private static final Pattern REJECTION = Pattern
		.compile("is not a known key|is not allowed|is not a key|is a group|is a list|but is a|has no effect");

	/** A key of a database with a prefix, without what is below it. */
	private static final Pattern ELEMENT = Pattern
		.compile("^(app\\.(?:dbs-defaults|dbs-runtime\\.template)\\.[^.\\[]+).*");

	private final Completion completion = new Completion();

	@Test
	void keysAreOfferedIfTheBinderAcceptsThem() {
		Set<String> accepted = new TreeSet<>();
		PREFIXES.forEach((prefix, type) -> collect(prefix, type, accepted));
		accepted.removeAll(offered());
		String message = reject(accepted, CompletionTests::bind);
		assertThat(accepted).isNotEmpty()
			.allSatisfy((key) -> assertThat(
					message.contains("'" + ELEMENT.matcher(key).replaceFirst("$1") + "' is not allowed")
							|| !reject(Set.of(key), CompletionTests::bindRuntime).isEmpty())
				.isTrue());
	}

	@Test
	void noKeyIsOfferedThatTheBinderRejects() {
		Set<String> offered = offered();
		assertThat(reject(offered, CompletionTests::bind)).isEmpty();
		assertThat(reject(offered, CompletionTests::bindRoutes)).isEmpty();
		assertThat(reject(offered, CompletionTests::bindRuntime)).isEmpty();
	}

	/**
	 * The processor takes the first parameter whose name begins with that of the key.
	 */
	@Test
	void keysAreDescribedAsInTheJavadoc() {
		Map<String, String> descriptions = new TreeMap<>();
		PREFIXES.forEach((prefix, type) -> collectJavadoc(prefix, type, descriptions));
		Map<String, ConfigurationMetadataProperty> properties = Metadata.read().properties();
		assertThat(descriptions).hasSizeGreaterThan(400).allSatisfy((key, description) -> {
			assertThat(description).matches("(?!The |A |An )\\p{Lu}.*\\.");
			if (properties.containsKey(key)) {
				assertThat(properties.get(key).getDescription()).isEqualTo(description);
			}
		});
	}

	@Test
	void defaultsAreKnown() {
		Metadata.read().properties().forEach((key, property) -> {
			String type = property.getType();
			if (type.equals("java.lang.Boolean")) {
				assertThat(property.getDescription()).as(key).startsWith("Whether ");
			}
			if (property.getDefaultValue() == null && !property.isDeprecated()
					&& !type.matches("java\\.(lang\\.String|util\\..*)")) {
				assertThat(property.getDescription()).as(key).containsIgnoringCase("default");
			}
		});
	}

	@Test
	void hintsOfTheTemplateAreThoseOfTheDefaults() {
		Map<String, ConfigurationMetadataProperty> properties = Metadata.read().properties();
		properties.forEach((key, property) -> {
			ConfigurationMetadataProperty ofDefaults = properties
				.get(key.replace("app.dbs-runtime.template.", "app.dbs-defaults."));
			assertThat(property.getHints()).as(key).usingRecursiveComparison().isEqualTo(ofDefaults.getHints());
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					app.dbs.orders.required                        | true, false
					app.dbs.orders.ssl.verify                      | full, ca
					app.dbs.orders.backup.report                   | pgbackrest, file, bean
					app.dbs.orders.rls.settings[0].type            | any, long, uuid
					app.dbs.orders.replicas[0].pool.adaptive       | true, false
					app.dbs.orders.replicas[1].pool.on-session-change | replace, keep
					app.dbs.orders.mongo.read-preference           | primary, primary-preferred, secondary, secondary-preferred, nearest
					app.dbs-defaults.rls.settings[0].type          | any, long, uuid
					app.dbs-defaults.rls.on-missing-context        | fail, empty
					app.dbs-defaults.ssl.verify                    | full, ca
					app.dbs-defaults.maintenance.operations        | analyze, vacuum, optimize, compact, reindex, drop-invalid-index, check, truncate
					%1$s.engine                        | cockroachdb, h2, mariadb, mongodb, mysql, postgresql, tidb, vitess, yugabytedb, any
					app.dbs-defaults.jpa.database                  | org.springframework.orm.jpa.vendor.Database
					app.dbs-defaults.jpa.database-platform         | org.hibernate.dialect.Dialect
					app.dbs-defaults.jpa.ddl-auto                  | none, validate, update, create, create-drop, any
					app.dbs-defaults.jpa.naming.implicit-strategy  | org.hibernate.boot.model.naming.ImplicitNamingStrategy
					app.dbs-defaults.jpa.naming.physical-strategy  | org.hibernate.boot.model.naming.PhysicalNamingStrategy
					%1$s.liquibase.change-log          | org.springframework.core.io.Resource
					%1$s.sql-init.schema-locations     | java.util.List<org.springframework.core.io.Resource>
					%1$s.sql-init.data-locations       | java.util.List<org.springframework.core.io.Resource>
					app.dbs-defaults.encryption.keyset             | org.springframework.core.io.Resource
					app.dbs-defaults.encryption.index-keyset       | org.springframework.core.io.Resource
					%1$s.mongo.write-concern           | majority, 1, 0, any
					%1$s.privileges.needed             | SELECT, INSERT, UPDATE, DELETE, any
					""")
	void valuesAreOffered(String key, String values) {
		Stream.of("app.dbs-defaults", "app.dbs-runtime.template")
			.map(key::formatted)
			.forEach((name) -> assertThat(this.completion.values(name)).as(name).containsExactly(values.split(", ")));
	}

	private Set<String> offered() {
		Set<String> offered = new TreeSet<>();
		PREFIXES.keySet().forEach((prefix) -> offered.addAll(this.completion.allKeys(prefix).keySet()));
		return offered;
	}

	private static void collect(String prefix, Class<?> type, Set<String> keys) {
		KnownKeys known = KnownKeys.of(type);
		known.types().forEach((key, keyType) -> {
			Class<?> element = known.groupType(key);
			if (keyType.isRecord()) {
				collect(prefix + key + ".", keyType, keys);
			}
			else if (element != null) {
				collect(prefix + key + "[0].", element, keys);
			}
			else {
				keys.add(prefix + key);
			}
		});
	}

	private static void collectJavadoc(String prefix, Class<?> type, Map<String, String> descriptions) {
		String source = read(type);
		KnownKeys known = KnownKeys.of(type);
		for (RecordComponent component : type.getRecordComponents()) {
			String key = DataObjectPropertyName.toDashedForm(component.getName());
			Class<?> element = known.groupType(key);
			if (component.getType().isRecord()) {
				collectJavadoc(prefix + key + ".", component.getType(), descriptions);
			}
			else if (element != null) {
				collectJavadoc(prefix + key + "[0].", element, descriptions);
			}
			else {
				Matcher parameter = Pattern
					.compile("\\* @param %s ((?:[^@]|'@)*?)\\s+\\*(?:/| @)".formatted(component.getName()))
					.matcher(source);
				assertThat(parameter.find()).as(prefix + key).isTrue();
				descriptions.put(prefix + key, parameter.group(1).replaceAll("\\s+\\* ", " "));
			}
		}
	}

	/**
	 * Returns the source of a record, from its Javadoc on.
	 */
	private static String read(Class<?> type) {
		try {
			String source = Files.readString(
					Path.of("src/main/java", type.getName().replaceFirst("\\$.*", "").replace('.', '/') + ".java"));
			return source.substring(source.lastIndexOf("/**", source.indexOf("record " + type.getSimpleName() + "(")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns what a binder says about keys that it does not know or allow.
	 */
	private static String reject(Set<String> keys, Consumer<Environment> binder) {
		Map<String, Object> properties = new HashMap<>();
		keys.forEach((key) -> properties.put(key + suffix(key), "x"));
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("keys", properties));
		InvalidDatabaseConfigurationException failure = catchThrowableOfType(
				InvalidDatabaseConfigurationException.class, () -> binder.accept(environment));
		return (failure != null) ? failure.getMessage()
			.lines()
			.filter((line) -> REJECTION.matcher(line).find())
			.collect(Collectors.joining("\n")) : "";
	}

	private static void bind(Environment environment) {
		DatabaseSettingsBinder.bind(environment, List.of("orders"), null);
	}

	private static void bindRoutes(Environment environment) {
		RouteSettingsBinder.bind(environment, List.of("orders"), null);
	}

	private static void bindRuntime(Environment environment) {
		new RuntimeDefinitions(environment, null).validateTemplate();
	}

	private static String suffix(String key) {
		String name = key.substring(key.lastIndexOf('.') + 1);
		boolean map = Set.of("needed", "parameters", "properties").contains(name);
		return name.equals("witnesses") ? "[0].x" : OPTIONS.getOrDefault(name, map ? ".x" : "");
	}

}
