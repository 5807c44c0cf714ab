package io.appdbs.testcontainers;

import java.util.List;

/**
 * What a test class has, for the context that is made for it.
 *
 * @param testClass the test class
 * @param containers the containers in its static fields
 */
record TestContainers(Class<?> testClass, List<DeclaredContainer> containers) {

	static final String BEAN_NAME = "appDbsTestContainers";

}
