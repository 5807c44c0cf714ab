package com.example.tenants;

import java.time.Duration;
import java.util.List;

import com.example.tenants.invoice.InvoiceRepository;
import io.appdbs.Database;
import io.appdbs.DatabaseRemoval;
import io.appdbs.Databases;
import io.appdbs.RuntimeDatabaseSettings;
import io.appdbs.routing.DatabaseSelectionException;
import io.appdbs.routing.ScopedSelection;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@SpringBootTest
class TenantsApplicationTests {

	private static final List<String> TENANTS = List.of("tenant-acme", "tenant-globex", "tenant-initech");

	@Autowired
	private InvoiceService service;

	@Autowired
	private Databases databases;

	@Autowired
	private InvoiceRepository invoices;

	@Test
	void eachTenantHasItsOwnInvoices() {
		for (String tenant : TENANTS) {
			ScopedSelection.run(tenant, () -> this.service.book("customer of " + tenant));
			assertThatIllegalStateException()
				.isThrownBy(() -> ScopedSelection.run(tenant, () -> this.service.bookAndFail("rolled back")));
		}
		for (String tenant : TENANTS) {
			ScopedSelection.run(tenant, () -> {
				assertThat(this.service.findCustomers()).containsExactly("customer of " + tenant);
				assertThat(this.service.findCustomersLater().join()).containsExactly("customer of " + tenant);
				assertThat(this.invoices.count()).isEqualTo(1);
			});
		}
	}

	@Test
	void aTenantIsAddedUsedAndRemoved() throws InterruptedException {
		Database added = this.databases.add("tenant-umbrella",
				RuntimeDatabaseSettings.ofUrl("jdbc:h2:mem:umbrella;DB_CLOSE_DELAY=-1"));
		assertThat(added.awaitUp(Duration.ofSeconds(30))).isTrue();
		ScopedSelection.run("tenant-umbrella", () -> {
			this.service.book("customer of umbrella");
			assertThat(this.service.findCustomers()).containsExactly("customer of umbrella");
			assertThat(this.invoices.count()).isEqualTo(1);
		});
		assertThat(added.getBean(JdbcClient.class)
			.sql("SELECT count(*) FROM \"invoice\"")
			.query(Integer.class)
			.single()).isEqualTo(1);
		assertThat(this.databases.remove("tenant-umbrella")).isEqualTo(new DatabaseRemoval("tenant-umbrella", true, 0));
		assertThatExceptionOfType(DatabaseSelectionException.class)
			.isThrownBy(() -> ScopedSelection.run("tenant-umbrella", this.service::findCustomers));
		assertThat(this.databases.getNames()).containsExactlyElementsOf(TENANTS);
	}

	@Test
	void withoutATenantNothingIsRead() {
		assertThatExceptionOfType(DatabaseSelectionException.class).isThrownBy(this.service::findCustomers);
		assertThatExceptionOfType(DatabaseSelectionException.class).isThrownBy(this.invoices::count);
	}

}
