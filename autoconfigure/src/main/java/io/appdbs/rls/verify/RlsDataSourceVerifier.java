package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.appdbs.engine.DatabaseConnectionDetails;
import io.appdbs.engine.Engine;
import io.appdbs.engine.Engines;
import io.appdbs.engine.JdbcEngine;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import io.appdbs.settings.FormerKeys;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/**
 * Verifies that the policies of a database bind the login of a {@link DataSource}, with
 * the checks that a database with {@code rls.enabled} has to pass when it is opened.
 */
public final class RlsDataSourceVerifier {

	/** Stands for the name in the keys that findings mention. */
	private static final String NAME = "<name>";

	private RlsDataSourceVerifier() {
	}

	/**
	 * Verify the database.
	 * @param dataSource gives connections of the application's login, new ones for a
	 * complete verification
	 * @param settings keys below {@code rls}, for example {@code settings[0].name}, and
	 * their values
	 * @return the findings, each with {@code id}, {@code severity}, {@code object},
	 * {@code reason} and, if one is known, {@code fix}
	 * @throws SQLException if there is no connection, or the server does not answer
	 * @throws org.springframework.boot.context.properties.bind.BindException if there is
	 * no such key, or a value is not of its type
	 * @throws IllegalArgumentException if the server has no row-level security
	 */
	public static List<Map<String, String>> verify(DataSource dataSource, Map<String, String> settings)
			throws SQLException {
		try (Connection connection = dataSource.getConnection()) {
			Verifier verifier = new Verifier(define(connection, settings), connection);
			verifier.verify();
			verifier.probePrefix();
			return verifier.getFindings().stream().map(Finding::toMap).toList();
		}
	}

	private static DatabaseDefinition define(Connection connection, Map<String, String> settings) throws SQLException {
		String url = connection.getMetaData().getURL();
		Engine engine = Engines.load(RlsDataSourceVerifier.class.getClassLoader()).findByUrl(url);
		if (!(engine instanceof JdbcEngine jdbcEngine) || !jdbcEngine.isRowLevelSecuritySupported()) {
			throw new IllegalArgumentException("%s has no row-level security".formatted(
					(engine != null) ? engine.getDisplayName() : connection.getMetaData().getDatabaseProductName()));
		}
		DatabaseConnectionDetails target = engine.resolve(url);
		return new DatabaseDefinition(NAME, bind(settings), engine, () -> target);
	}

	private static DatabaseSettings bind(Map<String, String> settings) {
		Map<String, String> all = new HashMap<>();
		settings.forEach((key, value) -> all.put(FormerKeys.replace("rls." + key), value));
		all.put("rls.enabled", "true");
		return new Binder(new MapConfigurationPropertySource(all)).bindOrCreate("", Bindable.of(DatabaseSettings.class),
				new NoUnboundElementsBindHandler(BindHandler.DEFAULT));
	}

}
