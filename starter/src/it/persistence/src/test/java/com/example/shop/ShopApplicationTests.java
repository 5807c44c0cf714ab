package com.example.shop;

import java.net.ServerSocket;
import java.time.Duration;

import com.example.shop.audit.Audit;
import com.example.shop.audit.AuditEntryRepository;
import com.example.shop.catalog.Product;
import com.example.shop.catalog.ProductFeed;
import com.example.shop.catalog.ProductRepository;
import com.example.shop.orders.Orders;
import com.example.shop.orders.PurchaseOrderRepository;
import io.appdbs.DatabaseState;
import io.appdbs.Databases;
import io.appdbs.TransientDatabaseFailure;
import org.h2.tools.Server;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

class ShopApplicationTests {

	/**
	 * The optional database is down at the start.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "false", "true" })
	void rowsAreInEachDatabase(String processedAheadOfTime) throws Exception {
		System.setProperty("spring.aot.enabled", processedAheadOfTime);
		int port = findPort();
		SpringApplication application = new SpringApplication(ShopApplication.class);
		application.setMainApplicationClass(ShopApplication.class);
		try (ConfigurableApplicationContext context = application.run("--app.dbs.orders.url=embedded:postgresql",
				"--app.dbs.audit.url=jdbc:h2:tcp://localhost:%d/mem:audit".formatted(port),
				"--app.dbs.audit.jpa.ddl-auto=none", "--app.dbs.catalog.url=embedded:mongodb")) {
			assertOrders(context);
			ProductRepository products = context.getBean(ProductRepository.class);
			products.save(new Product(null, "book"));
			assertThat(products.findByName("book")).hasSize(1);
			assertThat(context.getBean(ProductFeed.class).findByName("book").count().block()).isOne();
			assertThat(context.containsBean("reactiveStreamsMongoClient")).isFalse();
			Throwable failure = catchThrowable(() -> context.getBean(Audit.class).record("lost", false));
			assertThat(NestedExceptionUtils.getRootCause(failure)).isInstanceOf(TransientDatabaseFailure.class)
				.hasMessageStartingWith("Database 'audit' is down");
			Server server = Server.createTcpServer("-tcpPort", String.valueOf(port), "-ifNotExists").start();
			try {
				assertAudit(context);
			}
			finally {
				server.stop();
			}
		}
		finally {
			System.clearProperty("spring.aot.enabled");
		}
	}

	private static void assertOrders(ConfigurableApplicationContext context) {
		Orders orders = context.getBean(Orders.class);
		assertThat(orders.place("Ada", "book", "pen")).isOne();
		assertThatIllegalStateException().isThrownBy(() -> orders.fail("Bob"));
		PurchaseOrderRepository repository = context.getBean(PurchaseOrderRepository.class);
		assertThat(repository.count()).isOne();
		assertThat(repository.findByCustomerName("Ada")).hasSize(1);
		assertThat(repository.countByProduct("pen")).isOne();
		assertThat(orders.count()).isOne();
		orders.place("Cleo", "pen");
		assertThat(orders.count()).isEqualTo(2);
		repository.deleteAll();
		assertThat(orders.count()).isEqualTo(2);
	}

	private static void assertAudit(ConfigurableApplicationContext context) {
		await().atMost(Duration.ofSeconds(30))
			.until(() -> context.getBean(Databases.class).get("audit").getState() == DatabaseState.UP);
		JdbcClient client = context.getBean("auditJdbcClient", JdbcClient.class);
		client.sql("create table audit_entry (id bigint auto_increment primary key, message varchar(50))").update();
		Audit audit = context.getBean(Audit.class);
		audit.record("ordered", false);
		assertThatIllegalStateException().isThrownBy(() -> audit.record("lost", true));
		AuditEntryRepository repository = context.getBean(AuditEntryRepository.class);
		assertThat(repository.findAll()).extracting("message").containsExactly("ordered");
		assertThat(client.sql("select message from audit_entry").query(String.class).list())
			.containsExactly("ordered");
	}

	private static int findPort() throws Exception {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}
