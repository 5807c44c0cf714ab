package com.example.shop;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.transaction.CannotCreateTransactionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

@SpringBootTest
class ShopApplicationTests {

	@Autowired
	private Orders orders;

	@Autowired
	private OrderArchive orderArchive;

	@Autowired
	private Billing billing;

	@Autowired
	private Pricing pricing;

	@Autowired
	private Catalog catalog;

	@Test
	void fiveDatabasesHaveTheirOwnBeansAndTransactions() throws Exception {
		assertThat(this.orders.readServer()).isEqualTo("PostgreSQL orders");
		assertThat(this.orderArchive.readServer()).isEqualTo("PostgreSQL order-archive");
		assertThat(this.billing.readServer()).isEqualTo("MariaDB billing");
		assertThat(this.pricing.readServer()).startsWith("H2 ");
		Map<String, RelationalNotes> relational = Map.of("orders", this.orders, "order-archive", this.orderArchive,
				"billing", this.billing, "pricing", this.pricing);
		relational.forEach((name, notes) -> {
			commits(name, notes);
			rollsBack(name, notes);
			transactionTemplateAndManagerCommitAndRollBack(name, notes);
		});
		writesToMongoDbAndSaysThatItHasNoTransactions();
	}

	private void commits(String name, Notes notes) {
		String note = "committed in " + name;
		notes.inTransaction(() -> notes.add(note));
		assertThat(notes.findAll()).as(name).contains(note);
		assertThat(allBut(notes)).as(name).noneMatch((other) -> other.findAll().contains(note));
	}

	private void rollsBack(String name, Notes notes) {
		String note = "rolled back in " + name + " alone";
		assertThatIllegalStateException().isThrownBy(() -> notes.inTransaction(() -> {
			notes.add(note);
			allBut(notes).forEach((other) -> other.add(note));
			throw new IllegalStateException("fails after writing");
		})).withMessage("fails after writing");
		assertThat(notes.findAll()).as(name).doesNotContain(note);
		assertThat(allBut(notes)).as(name).allMatch((other) -> other.findAll().contains(note));
	}

	private void transactionTemplateAndManagerCommitAndRollBack(String name, RelationalNotes notes) {
		notes.addWithTransactionTemplate("template", false);
		notes.addWithTransactionTemplate("template, rolled back", true);
		notes.addWithTransactionManager("manager", false);
		notes.addWithTransactionManager("manager, rolled back", true);
		assertThat(notes.findAll()).as(name)
			.contains("template", "manager")
			.doesNotContain("template, rolled back", "manager, rolled back");
	}

	/**
	 * The database has been migrated by a file and by a bean.
	 * <p>
	 * The embedded server is compatible with a standalone MongoDB, which has no
	 * transactions. The transaction manager exists and reports this when it is used.
	 */
	private void writesToMongoDbAndSaysThatItHasNoTransactions() {
		assertThat(this.catalog.findAll()).startsWith("first");
		assertThat(this.catalog.findIndexes()).containsExactlyInAnyOrder("_id_", "note");
		this.catalog.add("written");
		assertThat(this.catalog.findAll()).contains("written");
		assertThat(this.catalog.exists()).isTrue();
		assertThat(allBut(this.catalog)).noneMatch((other) -> other.findAll().contains("written"));
		hasNoTransactions(() -> this.catalog.inTransaction(() -> this.catalog.add("refused")));
		hasNoTransactions(() -> this.catalog.addWithTransactionTemplate("refused"));
		hasNoTransactions(() -> this.catalog.addWithTransactionManager("refused"));
		assertThat(this.catalog.findAll()).doesNotContain("refused");
	}

	private void hasNoTransactions(Runnable work) {
		assertThatExceptionOfType(CannotCreateTransactionException.class).isThrownBy(work::run)
			.withMessage("Database 'catalog' is a standalone MongoDB server, which does not support transactions. "
					+ "Run it as a replica set (one member is enough), or do not use a transaction here.");
	}

	private List<Notes> allBut(Notes notes) {
		List<Notes> others = new ArrayList<>(
				List.of(this.orders, this.orderArchive, this.billing, this.pricing, this.catalog));
		others.remove(notes);
		return others;
	}

}
