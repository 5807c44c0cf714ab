package com.example.many;

import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class ManyApplication {

}
