package com.example;

import java.util.stream.Stream;

import javax.sql.DataSource;

import com.mongodb.client.MongoClient;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.TransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

class PlainApplicationTests {

	@Test
	void startsAndEndsWithoutAnyDatabase() {
		try (ConfigurableApplicationContext context = SpringApplication.run(PlainApplication.class)) {
			assertThat(context.getBeansOfType(DataSource.class)).isEmpty();
			assertThat(context.getBeansOfType(MongoClient.class)).isEmpty();
			assertThat(context.getBeansOfType(TransactionManager.class)).isEmpty();
			assertThat(Stream.of(context.getBeanDefinitionNames()).map(context::getType)).isNotEmpty()
				.doesNotContainNull()
				.filteredOn((type) -> type.getName().startsWith("io.appdbs."))
				.allMatch((type) -> type.isAnnotationPresent(AutoConfiguration.class));
			assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.isNotEmpty()
				.noneMatch((name) -> name.startsWith("appdbs"));
		}
	}

}
