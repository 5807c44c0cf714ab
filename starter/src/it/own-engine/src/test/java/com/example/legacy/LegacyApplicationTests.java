package com.example.legacy;

import io.appdbs.Databases;
import io.appdbs.schema.Schema;
import io.appdbs.schema.TableInformation;
import io.appdbs.schema.TableInformation.ForeignKey;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@SpringBootTest
class LegacyApplicationTests {

	@Test
	void databaseRunsOnAnEngineOfTheApplication(@Autowired @Qualifier("legacy") JdbcTemplate jdbc,
			@Autowired Databases databases) {
		jdbc.update("INSERT INTO invoice (id) VALUES (1)");
		assertThat(jdbc.queryForList("SELECT id FROM invoice", Integer.class)).containsExactly(1);
		assertThat(databases.get("legacy").getEngine()).isEqualTo("hsqldb");
	}

	/**
	 * The engine overrides nothing, so the metadata of the driver is read.
	 */
	@Test
	void tablesAreLookedUp(@Autowired Databases databases) {
		Schema schema = databases.get("legacy").getSchema();
		assertThat(schema.getTables()).containsExactly("INVOICE", "LINE");
		assertThat(schema.hasColumn("invoice", "note")).isTrue();
		assertThat(schema.hasIndex("invoice", "created")).isTrue();
		assertThat(schema.hasIndex("invoice", "note")).isFalse();
		TableInformation line = schema.describe("line");
		assertThat(line.name()).isEqualTo("PUBLIC.LINE");
		assertThat(line.primaryKey()).containsExactly("INVOICE_ID", "NUMBER");
		assertThat(line.foreignKeys()).extracting(ForeignKey::referencedTable).containsExactly("PUBLIC.INVOICE");
		assertThatIllegalArgumentException().isThrownBy(() -> schema.describe("invoices"))
			.withMessageContaining("Did you mean 'INVOICE'?");
	}

}
