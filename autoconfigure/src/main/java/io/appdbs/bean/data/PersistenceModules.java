package io.appdbs.bean.data;

import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * The libraries for persistence on the class path.
 *
 * @param repositories whether there is any module of Spring Data
 * @param jpa whether there is JPA with Hibernate
 * @param jpaRepositories whether there is Spring Data JPA
 * @param jdbc whether there is Spring Data JDBC
 * @param mongo whether there is Spring Data MongoDB
 * @param reactiveMongo whether there is its reactive part
 */
record PersistenceModules(boolean repositories, boolean jpa, boolean jpaRepositories, boolean jdbc, boolean mongo,
		boolean reactiveMongo) {

	static PersistenceModules find(@Nullable ClassLoader classLoader) {
		boolean jpa = ClassUtils.isPresent("org.springframework.orm.jpa.JpaTransactionManager", classLoader)
				&& ClassUtils.isPresent("org.hibernate.jpa.HibernatePersistenceProvider", classLoader) && ClassUtils
					.isPresent("org.springframework.boot.hibernate.autoconfigure.HibernateProperties", classLoader);
		return new PersistenceModules(
				ClassUtils.isPresent("org.springframework.data.repository.Repository", classLoader), jpa,
				jpa && ClassUtils.isPresent("org.springframework.data.jpa.repository.JpaRepository", classLoader),
				ClassUtils.isPresent("org.springframework.data.jdbc.core.JdbcAggregateOperations", classLoader),
				ClassUtils.isPresent("org.springframework.data.mongodb.repository.MongoRepository", classLoader),
				ClassUtils.isPresent("org.springframework.data.mongodb.repository.ReactiveMongoRepository", classLoader)
						&& ClassUtils.isPresent("com.mongodb.reactivestreams.client.MongoClient", classLoader)
						&& ClassUtils.isPresent("reactor.core.publisher.Flux", classLoader));
	}

	/**
	 * Returns whether a repository in a package of a relational database belongs to
	 * Spring Data JPA. With both modules, its type or its entity decides.
	 */
	boolean isJpa(DatabaseRepository repository) {
		return this.jpaRepositories && (!this.jdbc || repository.isJpa());
	}

}
