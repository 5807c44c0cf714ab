package com.example.slices;

import com.example.slices.audit.AuditEntry;
import com.example.slices.audit.AuditEntryRepository;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.boot.jpa.test.autoconfigure.TestEntityManager;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.transaction.AfterTransaction;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;

@DataJpaTest(properties = "app.dbs-include=orders,audit")
@Transactional("audit")
class SecondUnitTests {

	@Autowired
	private AuditEntryRepository entries;

	@Autowired
	private ShipmentRepository shipments;

	@Autowired
	@Qualifier("audit")
	private TestEntityManager auditEntityManager;

	@Autowired
	private TestEntityManager defaultEntityManager;

	@Autowired
	@Qualifier("audit")
	private JdbcClient audit;

	@Test
	void theTransactionOfTheTestIsThatOfTheDatabaseThatIsNamed() {
		this.auditEntityManager.persistAndFlush(new AuditEntry("first"));
		assertThat(this.entries.findAll()).hasSize(1);
		assertThat(count()).isOne();
		assertThat(this.shipments.findAll()).isEmpty();
		assertThat(this.defaultEntityManager).isNotSameAs(this.auditEntityManager);
	}

	@AfterTransaction
	void isRolledBack() {
		assertThat(count()).isZero();
	}

	private int count() {
		return this.audit.sql("SELECT count(*) FROM audit_entry").query(Integer.class).single();
	}

}
