package com.example.jpa;

import com.example.jpa.audit.AuditEntry;
import com.example.jpa.audit.AuditEntryRepository;
import com.example.jpa.orders.PurchaseOrder;
import com.example.jpa.orders.PurchaseOrderRepository;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

class JpaApplicationTests {

	@Test
	void writesToBothDatabases() throws Exception {
		assertWrites();
	}

	@Test
	void writesToBothDatabasesWhenProcessedAheadOfTime() throws Exception {
		System.setProperty("spring.aot.enabled", "true");
		try {
			assertWrites();
		}
		finally {
			System.clearProperty("spring.aot.enabled");
		}
	}

	private static void assertWrites() throws Exception {
		Tables tables = new Tables();
		SpringApplication application = new SpringApplication(JpaApplication.class);
		application.setMainApplicationClass(JpaApplication.class);
		try (ConfigurableApplicationContext context = application.run(tables.arguments())) {
			PurchaseOrderRepository orders = context.getBean(PurchaseOrderRepository.class);
			orders.save(new PurchaseOrder("Ada"));
			context.getBean(AuditEntryRepository.class).save(new AuditEntry("ordered"));
			assertThat(orders.findByCustomer("Ada")).hasSize(1);
			assertThat(tables.select("orders", "customer", "purchase_order")).containsExactly("Ada");
			assertThat(tables.select("audit", "message", "audit_entry")).containsExactly("ordered");
		}
	}

}
