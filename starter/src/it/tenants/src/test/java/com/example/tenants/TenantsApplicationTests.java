package com.example.tenants;

import java.util.List;

import com.example.tenants.invoice.InvoiceRepository;
import io.appdbs.routing.DatabaseSelectionException;
import io.appdbs.routing.ScopedSelection;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@SpringBootTest
class TenantsApplicationTests {

	private static final List<String> TENANTS = List.of("tenant-acme", "tenant-globex", "tenant-initech");

	@Autowired
	private InvoiceService service;

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
	void withoutATenantNothingIsRead() {
		assertThatExceptionOfType(DatabaseSelectionException.class).isThrownBy(this.service::findCustomers);
		assertThatExceptionOfType(DatabaseSelectionException.class).isThrownBy(this.invoices::count);
	}

}
