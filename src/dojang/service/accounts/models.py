"""The person who logs in."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Makes users; the address is the name."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account; what they may do stands in their memberships."""

    email = models.EmailField("이메일", unique=True)
    name = models.CharField("이름", max_length=40, blank=True)
    language = models.CharField(max_length=2, choices=[("ko", "한국어"), ("en", "English")], default="ko")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text="may see the operator's pages")
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email
