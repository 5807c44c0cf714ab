package com.example.slices;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.appdbs.DatabaseSnapshot;
import io.appdbs.Databases;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the contexts of this JVM were connected to.
 */
final class Servers {

	private static final Set<String> HOSTS = ConcurrentHashMap.newKeySet();

	private Servers() {
	}

	static void assertThatContextsShareTheServer(Databases databases) {
		DatabaseSnapshot orders = databases.get("orders").getSnapshot();
		assertThat(orders.server().engine()).isEqualTo("postgresql");
		HOSTS.addAll(orders.server().hosts());
		assertThat(HOSTS).hasSize(1);
	}

}
