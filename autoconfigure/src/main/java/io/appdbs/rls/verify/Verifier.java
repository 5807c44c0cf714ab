package io.appdbs.rls.verify;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import io.appdbs.rls.verify.catalog.Catalog;
import io.appdbs.rls.verify.catalog.Catalog.Role;
import io.appdbs.rls.verify.catalog.CatalogReader;
import io.appdbs.rls.verify.catalog.Finding;
import io.appdbs.rls.verify.catalog.FindingType;
import io.appdbs.rls.verify.catalog.VerificationScope;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.RlsSettings;
import io.appdbs.settings.RlsSettings.Setting;
import org.jspecify.annotations.Nullable;
import org.postgresql.jdbc.PgConnection;

/**
 * Verifies one database once.
 */
final class Verifier {

	/** What is asked is not known to the server, or not allowed. */
	private static final List<String> REFUSALS = List.of("42", "0A", "XX");

	private final DatabaseDefinition definition;

	private final RlsSettings settings;

	private final Connection connection;

	private final List<Finding> findings = new ArrayList<>();

	/** The statements that remove the default of a setting, by its name. */
	private Map<String, List<String>> defaults = Map.of();

	private long tables;

	private @Nullable Boolean distributed;

	/**
	 * Creates a new {@link Verifier}.
	 * @param connection a new connection, made as those that the application uses
	 */
	Verifier(DatabaseDefinition definition, Connection connection) {
		this.definition = definition;
		this.settings = definition.settings().rls();
		this.connection = connection;
	}

	/**
	 * Returns what was found.
	 */
	List<Finding> getFindings() {
		return this.findings;
	}

	/**
	 * Returns how many tables were looked at.
	 */
	long countTables() {
		return this.tables;
	}

	/**
	 * Verifies the role, then what it can reach. That the server does not answer is a
	 * finding, too.
	 * @throws SQLException if it may answer another time
	 */
	void verify() throws SQLException {
		// with prepareThreshold=-1 the driver mixes up the columns of several statements
		PgConnection driver = this.connection.unwrap(PgConnection.class);
		if (driver.getPrepareThreshold() < 0) {
			driver.setForceBinary(false);
			driver.setPrepareThreshold(0);
		}
		try {
			examine();
		}
		catch (SQLException ex) {
			String state = String.valueOf(ex.getSQLState());
			if (REFUSALS.stream().noneMatch(state::startsWith)) {
				throw ex;
			}
			this.findings.add(new Finding(FindingType.UNVERIFIABLE, "row-level security",
					"cannot be verified on this server, which says: "
							+ String.valueOf(ex.getMessage()).lines().findFirst().orElse(state),
					"Let it answer, or make sure in another way that policies bind and set '%s' to 'warn' or 'off'."
						.formatted(this.definition.key("rls.verify"))));
		}
	}

	private void examine() throws SQLException {
		Catalog catalog = CatalogReader.read(this.connection, this.settings.role());
		this.defaults = catalog.defaults();
		Role role = catalog.role();
		RoleCheck roleCheck = new RoleCheck(this.definition);
		Finding unavailable = roleCheck.checkAvailable(role);
		if (unavailable != null) {
			this.findings.add(unavailable);
		}
		if (role == null || unavailable != null) {
			return;
		}
		this.findings.addAll(roleCheck.check(role, catalog.powers()));
		if (role.superuser()) {
			// everything else follows
			return;
		}
		DistributionCheck distribution = new DistributionCheck(this.connection);
		Stream.of(distribution.checkServer(), isDistributed() ? distribution.check(role) : null)
			.filter(Objects::nonNull)
			.forEach(this.findings::add);
		VerificationScope scope = new VerificationScope(this.definition, catalog, role, this.connection.getMetaData());
		this.findings.addAll(scope.findUnknown());
		this.findings
			.addAll(new AccessCheck(this.definition, catalog, scope, role).check(this.connection, isDistributed()));
		this.tables = scope.relations()
			.stream()
			.filter((relation) -> !relation.isView() && !relation.isMaterialized())
			.count();
	}

	/**
	 * Finds out whether statements outside of a transaction can carry a prefix, whether a
	 * setting lasts no longer than its transaction, and whether sessions begin as the
	 * login.
	 */
	PrefixCheck.Result probePrefix() throws SQLException {
		List<String> names = this.settings.settings().stream().map(Setting::name).toList();
		PrefixCheck.Result result = new PrefixCheck(this.connection, names, isDistributed()).run();
		for (String setting : result.lasting()) {
			this.findings.add(new Finding(FindingType.SETTING_LASTS, "setting " + setting,
					"is not empty after a transaction that set it, so statements without a user run with its value",
					removal(setting)));
		}
		if (this.settings.role() == null) {
			Finding changed = new SessionRoleCheck(this.definition, this.defaults.getOrDefault("role", List.of()))
				.check(result.role());
			if (changed != null) {
				this.findings.add(changed);
			}
		}
		return result;
	}

	private boolean isDistributed() throws SQLException {
		Boolean distributed = this.distributed;
		if (distributed == null) {
			distributed = new DistributionCheck(this.connection).isDistributed();
			this.distributed = distributed;
		}
		return distributed;
	}

	private String removal(String setting) {
		List<String> statements = this.defaults.get(setting.toLowerCase(Locale.ROOT));
		return (statements != null) ? String.join(" ", statements)
				: "Do not set it when connecting ('%s', '%s'), and do not connect through a proxy that does not keep transactions apart."
					.formatted(this.definition.key("url"), this.definition.key("hikari.connection-init-sql"));
	}

}
