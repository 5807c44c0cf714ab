package com.example.slices;

import com.example.slices.audit.AuditEntryRepository;
import com.example.slices.ledger.Booking;
import com.example.slices.ledger.BookingRepository;
import jakarta.persistence.EntityManagerFactory;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;
import org.springframework.test.context.transaction.AfterTransaction;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All databases are loaded, but persistence units are not.
 */
@DataJdbcTest
@Transactional("ledger")
class DataJdbcPackagesSliceTests {

	@Autowired
	private BookingRepository bookings;

	@Autowired
	private CustomerOrderRepository orders;

	@Autowired
	@Qualifier("audit")
	private ObjectProvider<EntityManagerFactory> unit;

	@Autowired
	private ObjectProvider<AuditEntryRepository> entries;

	@Test
	void theTransactionOfTheTestIsThatOfTheDatabaseThatIsNamed() {
		this.bookings.save(new Booking(null, 1));
		assertThat(this.bookings.findAll()).hasSize(1);
		assertThat(this.orders.findAll()).extracting(CustomerOrder::customer).containsExactly("Anna");
	}

	@Test
	void persistenceUnitsAreNotLoaded() {
		assertThat(this.unit.getIfAvailable()).isNull();
		assertThat(this.entries.getIfAvailable()).isNull();
	}

	@AfterTransaction
	void isRolledBack() {
		assertThat(this.bookings.count()).isZero();
	}

}
