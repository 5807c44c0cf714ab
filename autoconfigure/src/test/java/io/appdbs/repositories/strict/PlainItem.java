package io.appdbs.repositories.strict;

import org.springframework.data.annotation.Id;

record PlainItem(@Id Long id, String name) {

}
