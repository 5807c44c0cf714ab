package io.appdbs.bean.jpa;

import io.appdbs.shop.audit.AuditEntry;
import io.appdbs.testsupport.PlainApplication;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.engine.spi.SharedSessionContractImplementor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NamedJpaTransactionManager}.
 */
class NamedJpaTransactionManagerTests {

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anOpenEntityManagerKeepsItsConnectionOnlyIfThereAreNoReplicas(boolean replicated) {
		new ApplicationContextRunner().withUserConfiguration(PlainApplication.class)
			.withPropertyValues("app.dbs.audit.url=embedded:h2", "app.dbs.audit.packages=io.appdbs.shop.audit")
			.run((context) -> {
				EntityManagerFactory factory = context.getBean(EntityManagerFactory.class);
				NamedJpaTransactionManager manager = new NamedJpaTransactionManager(() -> "audit", factory, null,
						replicated);
				manager.afterPropertiesSet();
				TransactionTemplate transaction = new TransactionTemplate(manager);
				try (EntityManager entityManager = factory.createEntityManager()) {
					TransactionSynchronizationManager.bindResource(factory, new EntityManagerHolder(entityManager));
					try {
						transaction.executeWithoutResult((status) -> entityManager.persist(new AuditEntry("Ada")));
						assertThat(entityManager.unwrap(SharedSessionContractImplementor.class)
							.getJdbcCoordinator()
							.getLogicalConnection()
							.isPhysicallyConnected()).isNotEqualTo(replicated);
						Long count = transaction.execute(
								(status) -> entityManager.createQuery("select count(e) from AuditEntry e", Long.class)
									.getSingleResult());
						assertThat(count).isOne();
					}
					finally {
						TransactionSynchronizationManager.unbindResource(factory);
					}
				}
			});
	}

}
