package io.appdbs.benchmarks.persistence;

import java.util.Collection;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.util.Assert;

/**
 * An application with the persistence units of its named databases. Ends after a query in
 * each, without closing anything, which is not a part of the start. The argument
 * {@code repositories} is their expected number.
 */
@SpringBootApplication
public class AppDbsApplication {

	public static void main(String[] args) {
		ConfigurableApplicationContext context = SpringApplication.run(AppDbsApplication.class, args);
		int repositories = context.getBeansOfType(JpaRepository.class).size();
		Assert.state(repositories == context.getEnvironment().getRequiredProperty("repositories", Integer.class),
				() -> "The application has " + repositories + " repositories");
		query(context.getBeansOfType(EntityManagerFactory.class).values());
		Runtime.getRuntime().halt(0);
	}

	private static void query(Collection<EntityManagerFactory> units) {
		for (EntityManagerFactory unit : units) {
			try (EntityManager entityManager = unit.createEntityManager()) {
				entityManager.createNativeQuery("select 1").getSingleResult();
			}
		}
	}

}
