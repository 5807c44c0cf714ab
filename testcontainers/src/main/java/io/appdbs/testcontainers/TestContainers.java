package io.appdbs.testcontainers;

import java.util.List;

/**
 * The containers of a test class, for its context.
 *
 * @param testClass the test class
 * @param containers the containers in its static fields
 */
record TestContainers(Class<?> testClass, List<DeclaredContainer> containers) {

	static final String BEAN_NAME = "appDbsTestContainers";

}
