package io.appdbs.sample;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * A shop whose products are in MongoDB, whose orders, stock and wishes are in three
 * PostgreSQL databases, and whose reviews are in an H2 database that it can do without.
 */
@SpringBootApplication
public class SampleApplication {

	public static void main(String[] args) {
		SpringApplication.run(SampleApplication.class, args);
	}

}
