package com.example.slices;

import com.example.slices.audit.AuditEntry;
import com.example.slices.audit.AuditEntryRepository;
import com.example.slices.ledger.BookingRepository;
import io.appdbs.Databases;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jpa.test.autoconfigure.TestEntityManager;

import static org.assertj.core.api.Assertions.assertThat;

@DataJpaTest(properties = "app.dbs-include=audit")
class DataJpaPackagesSliceTests {

	@Autowired
	private Databases databases;

	@Autowired
	private AuditEntryRepository entries;

	@Autowired
	private TestEntityManager entityManager;

	@Autowired
	private ObjectProvider<ShipmentRepository> shipments;

	@Autowired
	private ObjectProvider<BookingRepository> bookings;

	@Test
	void theOnlyDatabaseIsTheDefaultOne() {
		assertThat(this.databases.getNames()).containsExactly("audit");
		assertThat(this.shipments.getIfAvailable()).isNull();
		assertThat(this.bookings.getIfAvailable()).isNull();
	}

	@Test
	void writesAndRollsBack() {
		this.entityManager.persistAndFlush(new AuditEntry("first"));
		this.entityManager.clear();
		assertThat(this.entries.findAll()).extracting(AuditEntry::getText).containsExactly("first");
	}

	@Test
	void theSameIsWrittenAgainAfterItWasRolledBack() {
		writesAndRollsBack();
	}

}
