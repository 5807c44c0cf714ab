package io.appdbs.testsupport;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs the tests of a class with the class loader that has loaded them, not with the
 * {@link CachingClassLoader}. For applications that are processed ahead of time, and for
 * those whose interfaces are not public but have proxies, such as repositories: Java
 * makes these proxies only in the class loader of the interface.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface ApplicationClassLoader {

}
