package io.appdbs.persistence;

import javax.sql.DataSource;

import io.appdbs.autoconfigure.DatabasesAutoConfiguration;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the connections that Hibernate borrows while it creates an
 * {@link EntityManagerFactory}. On H2, it borrows several for each entity and creates
 * global temporary tables. If they counted as a change of the session, the pool would
 * replace each of these connections.
 */
class HibernateConnectionTests {

	@ParameterizedTest
	@CsvSource({ "embedded:h2, SELECT session_id()", "embedded:postgresql, SELECT pg_backend_pid()",
			"embedded:mariadb, SELECT connection_id()" })
	void creatingAFactoryKeepsTheConnectionsOfThePool(String url, String query) {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(DatabasesAutoConfiguration.class))
			.withPropertyValues("app.dbs.orders.url=" + url, "app.dbs.orders.pool.max-size=1")
			.run((context) -> {
				JdbcClient jdbc = context.getBean(JdbcClient.class);
				long session = jdbc.sql(query).query(Long.class).single();
				factory(context.getBean(DataSource.class)).destroy();
				assertThat(jdbc.sql(query).query(Long.class).single()).isEqualTo(session);
			});
	}

	private static LocalContainerEntityManagerFactoryBean factory(DataSource dataSource) {
		LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
		factory.setDataSource(dataSource);
		factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
		factory.setManagedTypes(PersistenceManagedTypes.of(Item.class.getName(), SpecialItem.class.getName()));
		factory.afterPropertiesSet();
		return factory;
	}

	@Entity(name = "item")
	@Inheritance(strategy = InheritanceType.JOINED)
	static class Item {

		@Id
		@GeneratedValue
		private Long id;

		private String name;

	}

	@Entity(name = "special_item")
	static class SpecialItem extends Item {

		private String note;

	}

}
