package io.appdbs.bean.data;

import io.appdbs.shop.ShopApplication;
import io.appdbs.shop.audit.AuditEntry;
import io.appdbs.shop.audit.AuditEntryRepository;
import io.appdbs.shop.catalog.Product;
import io.appdbs.shop.catalog.ProductRepository;
import io.appdbs.shop.ledger.LedgerEntry;
import io.appdbs.shop.ledger.LedgerEntryRepository;
import io.appdbs.shop.orders.CustomerOrder;
import io.appdbs.shop.orders.CustomerOrderRepository;
import io.appdbs.testsupport.EnvironmentBuilder;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.JpaTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for persistence by packages.
 */
class DatabasePersistenceTests {

	private static final String YAML = """
			app:
			  dbs:
			    orders:
			      url: embedded:h2
			      primary: true
			      packages: io.appdbs.shop.orders
			    audit:
			      url: embedded:h2
			      packages: io.appdbs.shop.audit
			    ledger:
			      url: embedded:h2
			      packages: io.appdbs.shop.ledger
			    catalog:
			      url: embedded:mongodb
			      packages: io.appdbs.shop.catalog
			""";

	@Test
	void eachDatabaseHasItsEntitiesAndRepositories() {
		try (ConfigurableApplicationContext context = run(YAML)) {
			CustomerOrderRepository orders = context.getBean(CustomerOrderRepository.class);
			AuditEntryRepository entries = context.getBean(AuditEntryRepository.class);
			client(context, "ledger")
				.sql("create table \"LEDGER_ENTRY\" (id bigint auto_increment primary key, text varchar(50))")
				.update();
			orders.save(new CustomerOrder("Ada"));
			entries.save(new AuditEntry("Ada"));
			context.getBean(LedgerEntryRepository.class).save(new LedgerEntry(null, "paid"));
			context.getBean(ProductRepository.class).save(new Product(null, "book"));
			assertThat(orders.findByCustomerName("Ada")).hasSize(1);
			assertThat(count(context, "orders", "customer_order")).isEqualTo(1);
			assertThat(count(context, "audit", "audit_entry")).isEqualTo(1);
			assertThat(count(context, "ledger", "ledger_entry")).isEqualTo(1);
			assertThat(context.getBean(ProductRepository.class).findByName("book")).hasSize(1);
			assertThat(context.getBean("auditTransactionManager")).isInstanceOf(JpaTransactionManager.class);
		}
	}

	private static ConfigurableApplicationContext run(String yaml) {
		return new SpringApplicationBuilder(ShopApplication.class).environment(EnvironmentBuilder.yaml(yaml).build())
			.web(WebApplicationType.NONE)
			.run();
	}

	private static JdbcClient client(ConfigurableApplicationContext context, String database) {
		return context.getBean(database + "JdbcClient", JdbcClient.class);
	}

	private static long count(ConfigurableApplicationContext context, String database, String table) {
		return client(context, database).sql("select count(*) from " + table).query(Long.class).single();
	}

}
