package io.appdbs.bean.jpa;

import java.util.Set;

import jakarta.persistence.EntityManagerFactory;

import org.springframework.data.jpa.mapping.JpaMetamodelMappingContext;

/**
 * Creates the mapping contexts of repositories. Loaded only if Spring Data JPA is on the
 * class path.
 */
final class MappingContextBeans {

	private MappingContextBeans() {
	}

	/**
	 * Creates the mapping context of the repositories on a unit. The one of Spring Data
	 * has the entities of all units, so that each repository would wait for all of them.
	 */
	static JpaMetamodelMappingContext jpaMappingContext(EntityManagerFactory factory) {
		JpaMetamodelMappingContext context = new JpaMetamodelMappingContext(Set.of(factory.getMetamodel()));
		context.initialize();
		return context;
	}

}
