package com.example.libraries;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;

@Component
class ItemListener {

	private final JdbcClient client;

	ItemListener(@Qualifier("audit") JdbcClient client) {
		this.client = client;
	}

	@ApplicationModuleListener
	void on(Items.ItemsSaved event) {
		this.client.sql("INSERT INTO item VALUES (?)").param("event of " + event.database()).update();
	}

}
