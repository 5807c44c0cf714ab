package io.appdbs.bean.data;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.data.repository.core.RepositoryMetadata;
import org.springframework.data.repository.core.support.AbstractRepositoryMetadata;
import org.springframework.util.ClassUtils;

/**
 * Repository interface that has been found in the packages of the application.
 *
 * @param definition the candidate as Spring Data has found it
 * @param type the interface
 * @param domainType the entity
 * @param reactive whether the repository is reactive
 */
record DatabaseRepository(BeanDefinition definition, Class<?> type, Class<?> domainType, boolean reactive) {

	private static final String JPA_REPOSITORY = "org.springframework.data.jpa.repository.JpaRepository";

	private static final String MONGO_REPOSITORY = "org.springframework.data.mongodb.repository.MongoRepository";

	private static final String REACTIVE_MONGO_REPOSITORY = "org.springframework.data.mongodb.repository.ReactiveMongoRepository";

	private static final String MAPPED_SUPERCLASS = "jakarta.persistence.MappedSuperclass";

	static DatabaseRepository of(BeanDefinition definition, @Nullable ClassLoader classLoader) {
		Class<?> type = ClassUtils.resolveClassName(String.valueOf(definition.getBeanClassName()), classLoader);
		RepositoryMetadata metadata = AbstractRepositoryMetadata.getMetadata(type);
		return new DatabaseRepository(definition, type, metadata.getDomainType(), metadata.isReactiveRepository());
	}

	/**
	 * Returns whether the repository or its entity declares that it belongs to JPA.
	 */
	boolean isJpa() {
		return isOf(JPA_REPOSITORY) || isAnnotated(PackageContent.ENTITY) || isAnnotated(MAPPED_SUPERCLASS);
	}

	boolean isJdbc() {
		return isAnnotated(PackageContent.TABLE);
	}

	boolean isMongo() {
		return isOf(MONGO_REPOSITORY) || isOf(REACTIVE_MONGO_REPOSITORY) || isAnnotated(PackageContent.DOCUMENT);
	}

	private boolean isOf(String repositoryType) {
		ClassLoader classLoader = this.type.getClassLoader();
		return ClassUtils.isPresent(repositoryType, classLoader)
				&& ClassUtils.resolveClassName(repositoryType, classLoader).isAssignableFrom(this.type);
	}

	private boolean isAnnotated(String annotation) {
		return AnnotatedElementUtils.isAnnotated(this.domainType, annotation);
	}

	@Override
	public String toString() {
		return this.type.getName();
	}

}
