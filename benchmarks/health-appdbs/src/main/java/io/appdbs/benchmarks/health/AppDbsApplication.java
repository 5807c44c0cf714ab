package io.appdbs.benchmarks.health;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application with the named databases of its arguments. Prints its port.
 */
@SpringBootApplication
public class AppDbsApplication {

	public static void main(String[] args) {
		ConfigurableApplicationContext context = SpringApplication.run(AppDbsApplication.class, args);
		System.out.println("PORT " + context.getEnvironment().getProperty("local.server.port"));
	}

}
