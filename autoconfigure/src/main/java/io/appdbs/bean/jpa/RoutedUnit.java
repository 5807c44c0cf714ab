package io.appdbs.bean.jpa;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;

import javax.sql.DataSource;

import io.appdbs.Database;
import io.appdbs.InvalidDatabaseConfigurationException;
import io.appdbs.TroubleshootingSection;
import io.appdbs.jdbc.NamedSqlExceptionTranslator;
import io.appdbs.routing.DatabaseSelectionException;
import io.appdbs.routing.Route;
import io.appdbs.routing.RoutingDataSource;
import io.appdbs.settings.DatabaseDefinition;
import io.appdbs.settings.DatabaseSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.hibernate.cfg.MultiTenancySettings;
import org.hibernate.context.spi.CurrentTenantIdentifierResolver;
import org.hibernate.engine.jdbc.connections.spi.MultiTenantConnectionProvider;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.orm.jpa.AbstractEntityManagerFactoryBean;

/**
 * The persistence unit of a route. The selected database is Hibernate's tenant, so that
 * the values that identifier generators have in memory, and the keys of its caches, are
 * separate for each database.
 *
 * @param dataSource the data source of the route
 */
record RoutedUnit(RoutingDataSource dataSource) {

	/** No database can have this name. */
	private static final String NONE = "(none)";

	private static final Log logger = LogFactory.getLog(RoutedUnit.class);

	static @Nullable RoutedUnit find(DataSource dataSource) {
		RoutingDataSource routing = RoutingDataSource.find(dataSource);
		return (routing != null) ? new RoutedUnit(routing) : null;
	}

	/**
	 * Returns a definition without settings, as those of {@code spring.jpa} apply.
	 */
	DatabaseDefinition define() {
		Route route = this.dataSource.getRoute();
		DatabaseSettings settings = new Binder(new MapConfigurationPropertySource(Map.of())).bindOrCreate("",
				DatabaseSettings.class);
		return new DatabaseDefinition(route.name(), settings, route.engine(), () -> {
			throw new IllegalStateException("A route has no server");
		}, null, (setting) -> "spring." + setting);
	}

	NamedSqlExceptionTranslator createTranslator() {
		Route route = this.dataSource.getRoute();
		return new NamedSqlExceptionTranslator(route::describe, route::engine, this.dataSource);
	}

	/**
	 * No database is selected while the unit is built, so Hibernate must not connect.
	 */
	void prepare(AbstractEntityManagerFactoryBean factory) {
		Route route = this.dataSource.getRoute();
		String omitted = HibernateDialects.describeOmitted(factory);
		if (!HibernateDialects.applyAlways(factory, define())) {
			throw new InvalidDatabaseConfigurationException(null, null,
					"Route '%s': Hibernate needs a dialect, and the engine %s has none.".formatted(route.name(),
							route.engine().getDisplayName()),
					"Set 'spring.jpa.database-platform', or override getHibernateDialect() in %s."
						.formatted(route.engine().getClass().getName()),
					null)
				.in(TroubleshootingSection.ROUTE);
		}
		if (!omitted.isEmpty()) {
			logger.warn("Route '%s': no database is selected at the start, so its persistence unit starts%s"
				.formatted(route.name(), omitted.replaceFirst("^, and", "")));
		}
		Map<String, Object> properties = factory.getJpaPropertyMap();
		Selection selection = new Selection(this.dataSource, new RoutedTenants());
		properties.putIfAbsent(MultiTenancySettings.MULTI_TENANT_CONNECTION_PROVIDER,
				new Connections(this.dataSource, selection));
		properties.putIfAbsent(MultiTenancySettings.MULTI_TENANT_IDENTIFIER_RESOLVER, selection);
	}

	/**
	 * Tells Hibernate the selected database.
	 *
	 * @param dataSource the data source of the route
	 * @param tenants names the databases
	 */
	private record Selection(RoutingDataSource dataSource,
			RoutedTenants tenants) implements CurrentTenantIdentifierResolver<String> {

		/**
		 * Spring Data creates an {@code EntityManager} at the start, to validate queries.
		 */
		@Override
		public String resolveCurrentTenantIdentifier() {
			Database selected = this.dataSource.findSelected();
			return (selected != null) ? this.tenants.name(selected) : NONE;
		}

		@Override
		public boolean validateExistingCurrentSessions() {
			return true;
		}

	}

	/**
	 * Supplies Hibernate with connections.
	 *
	 * @param dataSource the data source of the route
	 * @param selection the selected database
	 */
	@SuppressWarnings("serial")
	private record Connections(RoutingDataSource dataSource,
			Selection selection) implements MultiTenantConnectionProvider<String> {

		/**
		 * Hibernate asks for one when it starts, for example to create global temporary
		 * tables, and does without it if the operation is not supported.
		 */
		@Override
		public Connection getAnyConnection() {
			throw new UnsupportedOperationException("Route '%s' has no connection for which no database is selected"
				.formatted(this.dataSource.getRoute().name()));
		}

		@Override
		public void releaseAnyConnection(Connection connection) throws SQLException {
			connection.close();
		}

		/**
		 * The session may be older than the selection.
		 * @throws DatabaseSelectionException if another database is selected now
		 */
		@Override
		public Connection getConnection(String tenant) throws SQLException {
			Route route = this.dataSource.getRoute();
			String selected = route.getSelected();
			if (tenant.equals(NONE)) {
				throw new DatabaseSelectionException(route.name(), selected,
						"'%s' was selected after the EntityManager had been created. Select a database before the transaction begins."
							.formatted(selected),
						null);
			}
			route.check(RoutedTenants.getDatabase(tenant));
			Connection connection = this.dataSource.getConnection();
			// after the borrow, since the database can be replaced at any time
			if (!tenant.equals(this.selection.resolveCurrentTenantIdentifier())) {
				JdbcUtils.closeConnection(connection);
				throw new DatabaseSelectionException(route.name(), selected,
						"'%s' was removed after the EntityManager had been created, and added again. Begin another transaction."
							.formatted(selected),
						null);
			}
			return connection;
		}

		@Override
		public void releaseConnection(String tenant, Connection connection) throws SQLException {
			connection.close();
		}

		@Override
		public boolean supportsAggressiveRelease() {
			return false;
		}

		@Override
		public boolean isUnwrappableAs(Class<?> type) {
			return type.isInstance(this) || type.isInstance(this.dataSource);
		}

		@Override
		public <T> T unwrap(Class<T> type) {
			return type.cast(type.isInstance(this) ? this : this.dataSource);
		}

	}

}
