package com.example.slices;

import com.example.slices.audit.AuditEntry;
import com.example.slices.audit.AuditEntryRepository;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jpa.test.autoconfigure.TestEntityManager;
import org.springframework.test.context.transaction.AfterTransaction;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Neither database is the default one, and one has a persistence unit.
 */
@DataJpaTest(properties = "app.dbs-include=audit,ledger")
@Transactional("audit")
class EqualUnitsTests {

	@Autowired
	private AuditEntryRepository entries;

	@Autowired
	private TestEntityManager entityManager;

	@Test
	void theTransactionOfTheTestIsThatOfTheDatabaseThatIsNamed() {
		this.entityManager.persistAndFlush(new AuditEntry("first"));
		assertThat(this.entries.findAll()).hasSize(1);
	}

	@AfterTransaction
	void isRolledBack() {
		assertThat(this.entries.count()).isZero();
	}

}
