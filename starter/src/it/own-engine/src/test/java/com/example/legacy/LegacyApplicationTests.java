package com.example.legacy;

import io.appdbs.Databases;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

@SpringBootTest
class LegacyApplicationTests {

	@Test
	void databaseRunsOnAnEngineOfTheApplication(@Autowired @Qualifier("legacy") JdbcTemplate jdbc,
			@Autowired Databases databases) {
		jdbc.execute("CREATE TABLE invoice (id INTEGER PRIMARY KEY)");
		jdbc.update("INSERT INTO invoice VALUES (1)");
		assertThat(jdbc.queryForList("SELECT id FROM invoice", Integer.class)).containsExactly(1);
		assertThat(databases.get("legacy").getEngine()).isEqualTo("hsqldb");
	}

}
