package io.appdbs.bean.jpa;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.orm.jpa.persistenceunit.ManagedClassNameFilter;

/**
 * Creates the filter of Boot's own persistence unit.
 */
final class ManagedClassNameFilters {

	static final String BEAN_NAME = "appDbsManagedClassNameFilter";

	private ManagedClassNameFilters() {
	}

	/**
	 * Creates a filter for the classes outside some packages that the filters of the
	 * application also accept.
	 */
	static ManagedClassNameFilter unclaimed(String[] packages, ListableBeanFactory beanFactory) {
		return (className) -> Arrays.stream(packages)
			.noneMatch((packageName) -> className.startsWith(packageName + "."))
				&& others(beanFactory).stream().allMatch((filter) -> filter.matches(className));
	}

	private static List<ManagedClassNameFilter> others(ListableBeanFactory beanFactory) {
		return beanFactory.getBeansOfType(ManagedClassNameFilter.class)
			.entrySet()
			.stream()
			.filter((entry) -> !entry.getKey().equals(BEAN_NAME))
			.map(Map.Entry::getValue)
			.toList();
	}

}
