package io.appdbs.bean.mongo;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.appdbs.bean.registry.BeanDefinitions;
import io.appdbs.bean.registry.CandidateRole;
import io.appdbs.bean.registry.DatabaseBeanRegistry;
import io.appdbs.config.DeclaredDatabase;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.data.mongodb.MongoManagedTypes;

/**
 * Removes the entities in the packages of databases from those that Boot finds for the
 * default database, which would create their indexes. Loaded only if Spring Data MongoDB
 * is on the class path.
 */
public class UnclaimedMongoTypes implements BeanPostProcessor {

	/** Defined by {@code DataMongoAutoConfiguration}. */
	private static final String BOOTS_TYPES = "mongoManagedTypes";

	private final String[] packages;

	/**
	 * Creates new {@link UnclaimedMongoTypes}.
	 * @param packages the packages of all databases
	 */
	UnclaimedMongoTypes(String[] packages) {
		this.packages = packages;
	}

	/**
	 * Registers the post-processor, unless the application lists the entities itself.
	 * @param registry where to register it
	 * @param packages the packages of all databases
	 */
	public static void register(BeanDefinitionRegistry registry, Stream<String> packages) {
		if (!registry.containsBeanDefinition(BOOTS_TYPES)) {
			BeanDefinitions.registerInfrastructure(registry, "appDbsUnclaimedMongoTypes",
					BeanDefinitions.autowired(UnclaimedMongoTypes.class, (Object) packages.toArray(String[]::new)));
		}
	}

	/**
	 * Registers the entities of a database.
	 * @param beans registers the bean
	 * @param database the database
	 * @param entities the names of the entities
	 */
	public static void registerClaimed(DatabaseBeanRegistry beans, DeclaredDatabase database, List<String> entities) {
		beans.register(database, "MongoManagedTypes", MongoManagedTypes.class, CandidateRole.QUALIFIED,
				MongoBeans.class, (Object) entities.toArray(String[]::new));
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (!beanName.equals(BOOTS_TYPES) || !(bean instanceof MongoManagedTypes managedTypes)) {
			return bean;
		}
		List<Class<?>> unclaimed = new ArrayList<>();
		managedTypes.forEach((type) -> {
			if (Stream.of(this.packages).noneMatch((each) -> type.getName().startsWith(each + "."))) {
				unclaimed.add(type);
			}
		});
		return MongoManagedTypes.fromIterable(unclaimed);
	}

}
